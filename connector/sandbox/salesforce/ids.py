"""Record ids: 15 characters where case matters, and 3 more that make up for it.

REST API Developer Guide, "ID Field Type": each of the last three characters tells
which characters of one third of the id are capitals.
"""

import re
from functools import lru_cache
from itertools import product

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
INSTANCE = "5g0"
"""What stands between the object's prefix and the number in this org's ids."""
FIRST = 62**4
"""The first number given away, so that ids look used and hold letters soon."""
SHORT = 15
PAIRS = tuple(
    (a + b, a.isupper() | b.isupper() << 1) for a, b in product(DIGITS, repeat=2)
)
"""Every two digits, and which of them are capitals: ids are made by the thousand."""

_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")


def make(prefix: str, number: int) -> str:
    """Return the 18-character id of the ``number``-th record of an object."""
    high, low = divmod(number + FIRST, 62**5)
    head, marks = _head(prefix, high)
    first, rest = divmod(low, 62**4)
    second, third = divmod(rest, 62**2)
    (a, i), (b, j), (c, k) = PAIRS[first], PAIRS[second], PAIRS[third]
    return f"{head}{a[1]}{b}{c}{marks}{SUFFIX[i >> 1 | j << 1 | k << 3]}"


@lru_cache(maxsize=256)
def _head(prefix: str, high: int) -> tuple[str, str]:
    """Return what thousands of ids begin with, and the marks of its two thirds."""
    digits = "".join(DIGITS[high // 62**i % 62] for i in (3, 2, 1, 0))
    head = f"{prefix}{INSTANCE}{digits}"
    return head, _mark(head[:5]) + _mark(head[5:])


def lengthened(short: str) -> str:
    """Return the 18 characters of a 15-character id."""
    return short + _mark(short[:5]) + _mark(short[5:10]) + _mark(short[10:])


def _mark(third: str) -> str:
    return SUFFIX[sum(1 << i for i, c in enumerate(third) if c.isupper())]


def normal(value: str) -> str | None:
    """Return the 18 characters of an id in either form, None if it is none.

    The case of an 18-character id may have been lost: its last three restore it.
    """
    if _SHAPE.fullmatch(value) is None:
        return None
    if len(value) == SHORT:
        return lengthened(value)
    return _restored(value)


def _restored(value: str) -> str | None:
    marks = value[SHORT:].upper()
    if any(mark not in SUFFIX for mark in marks):
        return None
    capitals = [SUFFIX.index(marks[i // 5]) >> i % 5 & 1 for i in range(SHORT)]
    short = "".join(
        c.upper() if capital else c.lower()
        for c, capital in zip(value, capitals, strict=False)
    )
    return short + marks if lengthened(short) == short + marks else None
