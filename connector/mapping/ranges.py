"""Lists of phone numbers that an administrator writes: numbers, beginnings, ranges.

Short codes and extensions, which are no phone numbers, are compared by their digits.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import phonenumbers

from connector.mapping.numbering import digits_of
from connector.mapping.phone_text import plain
from connector.mapping.phones import readings, valid_readings

_E164 = re.compile(r"\+[1-9][0-9]{1,19}")
_TO = re.compile(r"\s+to\s+", re.IGNORECASE)
_BEGINNING = re.compile(r"(?:\+|00) ?([1-9][0-9 ()./-]{0,24})\*")
_SHORT = re.compile(r"[0-9][0-9 .()-]*")
_MOST_OF_A_SHORT: Final = 6
_CODES = tuple(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A list of phone numbers.

    ``beginnings`` have the ``lengths``. The ranges go from each of ``firsts`` to its
    one of ``lasts``, both within, in order and apart; a number is its digits.
    """

    numbers: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    lengths: tuple[int, ...] = ()
    firsts: tuple[int, ...] = ()
    lasts: tuple[int, ...] = ()

    def has(self, number: str) -> bool:
        """Say whether a number, as E.164 or a short one's digits, is in the list.

        No other text is.
        """
        if number in self.numbers:
            return True
        return bool(_E164.fullmatch(number)) and (
            any(number[:length] in self.beginnings for length in self.lengths)
            or self._is_in_a_range(int(number))
        )

    def _is_in_a_range(self, number: int) -> bool:
        at = bisect_right(self.firsts, number) - 1
        return at >= 0 and number <= self.lasts[at]


def parse_numbers(items: Sequence[str], regions: tuple[str, ...]) -> Numbers:
    """Return the list that the items make.

    An item is one number in any writing ("98200 11101"), a short code or an extension
    ("121"), what numbers begin with ("+91 22 4012 33*"), or a range ("+91 22 4012 3300 to +91 22 4012 3399"). A number
    without its country's code is from the first of ``regions`` where it is valid.
    Raises ValueError, naming the item, for one that can't be read.
    """
    numbers, beginnings, ranges = set[str](), set[str](), list[tuple[int, int]]()
    for item in items:
        if "*" in item:
            beginnings.add(_beginning(item))
        elif _TO.search(item):
            ranges.append(_range(item, regions))
        else:
            numbers.add(_single(item, regions))
    firsts, lasts = _apart(ranges)
    return Numbers(
        numbers=frozenset(numbers),
        beginnings=frozenset(beginnings),
        lengths=tuple(sorted(set(map(len, beginnings)))),
        firsts=firsts,
        lasts=lasts,
    )


def listed_as(text: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return all that a text may be in a list: its readings, or a short one's digits."""
    found = readings(text, regions)
    return found or tuple(filter(None, (_short(text),)))


def _short(text: str) -> str:
    """Return the digits of a short code or an extension; "" for other text."""
    written = plain(text)
    digits = digits_of(written)
    is_short = _SHORT.fullmatch(written) and len(digits) <= _MOST_OF_A_SHORT
    return digits if is_short else ""


def _single(item: str, regions: tuple[str, ...]) -> str:
    if (short := _short(item)) and not valid_readings(item, regions):
        return short
    return _number(item, item, regions)


def _number(text: str, item: str, regions: tuple[str, ...]) -> str:
    found = valid_readings(text, regions)
    if not found and plain(text).startswith("+"):
        found = readings(text, regions)
    if not found:
        where = "" if text == item else f" in {item!r}"
        raise ValueError(
            f"{text!r}{where} is no valid phone number; write it with + and its "
            "country's code, as +91 98200 11101"
        )
    homes: list[tuple[str, ...]] = [(region,) for region in regions] or [()]
    if any(len(valid_readings(text, home)) > 1 for home in homes):
        raise ValueError(
            f"{item!r} holds several phone numbers; make each an item of its own"
        )
    return found[0]


def _beginning(item: str) -> str:
    match = _BEGINNING.fullmatch(plain(item))
    digits = digits_of(match[1]) if match and "(0)" not in item else ""
    if not any(_begin_alike(digits, code) for code in _CODES):
        raise ValueError(
            f"{item!r} is no beginning of phone numbers; write it with + and the "
            "country's code, without (0), and one * at its end, as +91 22 4012 33*"
        )
    return f"+{digits}"


def _begin_alike(digits: str, code: str) -> bool:
    return bool(digits) and (digits.startswith(code) or code.startswith(digits))


def _range(item: str, regions: tuple[str, ...]) -> tuple[int, int]:
    ends = [_number(end, item, regions) for end in _TO.split(item)]
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or len(first) != len(last) or first > last:  # noqa: PLR2004 - ends
        raise ValueError(
            f"{item!r} is no range of phone numbers; write two whole numbers of one "
            "length, the lower first, as +91 22 4012 3300 to +91 22 4012 3399"
        )
    return int(first), int(last)


def _apart(
    ranges: Iterable[tuple[int, int]],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the firsts and the lasts of the ranges, those that overlap made one."""
    firsts, lasts = list[int](), list[int]()
    for first, last in sorted(ranges):
        if lasts and first <= lasts[-1]:
            lasts[-1] = max(last, lasts[-1])
        else:
            firsts.append(first)
            lasts.append(last)
    return tuple(firsts), tuple(lasts)
