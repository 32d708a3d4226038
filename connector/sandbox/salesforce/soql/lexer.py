"""SOQL text to tokens (SOQL Reference, "Quoted String Escape Sequences", "Date
Formats and Date Literals in WHERE")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from connector.sandbox.salesforce.moments import DATE, DATETIME
from connector.sandbox.salesforce.refusals import RequestRefusedError, bad_request

TOKENS: Final = re.compile(
    rf"""(?P<space>\s+)
    |(?P<string>'(?:[^'\\]|\\.)*')
    |(?P<datetime>{DATETIME})
    |(?P<date>{DATE})
    |(?P<number>[+-]?\d+(?:\.\d+)?(?![\w.]))
    |(?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)
    |(?P<symbol>!=|<=|>=|[=<>(),])""",
    re.VERBOSE | re.DOTALL,
)
ESCAPES: Final = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
}
LIKE_ESCAPES: Final = "_%"
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``kind`` is the name of its group, ``end`` for none left."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The token in capitals, as keywords are compared."""
        return self.text.upper()


def malformed(message: str) -> RequestRefusedError:
    """Build the refusal of a query that can't be read."""
    return bad_request("MALFORMED_QUERY", message)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a query, and an end; refused with MALFORMED_QUERY."""
    at = 0
    while at < len(text):
        found = TOKENS.match(text, at)
        if found is None:
            column = f"at Row:1:Column:{at + 1}"
            raise malformed(f"line 1:{at} no viable alternative {column}")
        if found.lastgroup != "space":
            yield Token(str(found.lastgroup), found[0], at)
        at = found.end()
    yield Token("end", "<EOF>", at)


def unquoted(literal: str, *, like: bool = False) -> str:
    r"""Return what a quoted string says.

    Only the documented escapes are known. In a LIKE pattern ``\_`` and ``\%``
    are kept as they are, for the pattern to know them from wildcards.
    """

    def replaced(escape: re.Match[str]) -> str:
        code = escape[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        if like and code in (*LIKE_ESCAPES, "\\"):
            return escape[0]
        if code not in ESCAPES:
            raise malformed(f"Illegal escape sequence {escape[0]} in string")
        return ESCAPES[code]

    return _ESCAPE.sub(replaced, literal[1:-1])
