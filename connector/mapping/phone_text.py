"""What stands in a phone field: in plain characters, without notes, without slips."""

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_BY_CATEGORY = MappingProxyType(
    {"Cf": "", "Mn": "", "Me": "", "Zs": " ", "Pd": "-"}  # marks, spaces, dashes
)
_LOOK_ALIKES = MappingProxyType(
    {"−": "-", "ー": "-", "⁄": "/", "∕": "/", "·": ".", "•": "."}  # noqa: RUF001 - that is why
)
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_FROM_ASCII: Final = 0xFEE0

_SPREADSHEET = re.compile(r"[0-9]{8,15}\.0+|[0-9]{1,3}(?:,[0-9]{2,3}){2,}")
_LIST_MARK = re.compile(r"(?:^[0-9]\.|(?:^|\s)[0-9]\))\s+(?=[+(0-9])", re.MULTILINE)
# What is written beside a number and is none: "(24 hrs)", "(2)", "2nd floor", "9 to 5".
_FEW_DIGITS = r"(?!(?:[^()\[\]0-9]*[0-9]){7})"
_IN_BRACKETS = r"[^()\[\]+]*(?:[)\]]|$)"
_NOTE = re.compile(
    r"(?<=[0-9)\]])(?:"
    rf"\s*[(\[]{_FEW_DIGITS}(?=[^()\[\]]*[^\W\dxX_]){_IN_BRACKETS}"
    rf"|(?:\s*[(\[](?!0[)\]]){_FEW_DIGITS}{_IN_BRACKETS})+(?![ \t./*_-]*[(\[]?[0-9])"
    r"|\s+[0-9]{1,2}(?=(?:st|nd|rd|th|am|pm|x7)\b| ?(?:hrs?|hours?)\b| to [0-9])"
    r")",
    re.IGNORECASE,
)
_LETTER_O = re.compile(r"(?<=[0-9 .-])[Oo]+(?=[0-9])")


def ways(text: str) -> tuple[str, str, str]:
    """Return what may be meant: a text without its notes, without slips, and whole."""
    whole = _LIST_MARK.sub(";", plain(text))
    bare = _NOTE.sub(";", whole)
    mended = _LETTER_O.sub(lambda run: "0" * len(run[0]), bare).replace("\n", " ")
    return bare, mended, whole


def plain(text: str) -> str:
    """Return a text with the digits, dashes and spaces of ASCII, without marks."""
    if not text.isascii():
        text = "".join(map(_ascii, text))
    text = text.strip()
    if _SPREADSHEET.fullmatch(text):
        return text.partition(".")[0].replace(",", "")
    return text


@lru_cache(maxsize=1024)
def _ascii(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - _FULL_WIDTH_FROM_ASCII)
    usual = _BY_CATEGORY.get(unicodedata.category(character), character)
    return _LOOK_ALIKES.get(usual, usual)
