"""Where in a query a name stands that means nothing: answers to queries show it."""

from typing import Final

from connector.sandbox.salesforce.refusals import (
    RequestRefusedError,
    UnknownNameError,
    bad_request,
)
from connector.sandbox.salesforce.soql.lexer import tokens

SHOWN: Final = 40
"""How many characters are shown before and after; how many it is *ours*."""


def located(text: str, refused: UnknownNameError) -> RequestRefusedError:
    """Return the refusal with the part of the query, a caret and the column.

    That it is the first place where the name stands is *ours*.
    """
    at = _place(text, refused.name)
    start = max(0, at - SHOWN)
    shown = " ".join(text[start : at + SHOWN].splitlines())
    caret = f"{' ' * (at - start)}^"
    where = f"\n{shown}\n{caret}\nERROR at Row:1:Column:{at + 1}\n"
    return bad_request(refused.code, where + refused.message)


def _place(text: str, name: str) -> int:
    wanted = name.casefold()
    for token in tokens(text):
        parts = token.text.casefold().split(".")
        if token.kind == "name" and wanted in parts:
            return token.at
    return 0
