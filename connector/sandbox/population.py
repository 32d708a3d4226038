"""As many invented people as are wanted, each with three numbers of their own.

Person ``i`` is always the same, so that a CRM and a phone system, each by itself,
know the same people.
"""

from dataclasses import dataclass
from typing import Final

INDIA, USA = "91", "1"
MOST: Final = 20_000_000
"""How many people there are; further on there are only strangers."""
NUMBERS: Final = 3
"""How many numbers each has."""

STEP, START = 283_617_643, 71_993
"""A step that shares no factor with the sizes of the spaces below meets each number
of a space once before any twice."""
INDIAN_FIRST, INDIANS = 9_400_000_000, 400_000_000
"""Mobile numbers from 94 to 97: all are well-formed."""
AREAS: Final = (
    *("202", "206", "213", "214", "215", "216", "303", "305", "310", "404"),
    *("408", "503", "512", "602", "617", "619", "646", "702", "713", "720"),
)
EXCHANGES, LINES = 8 * 8 * 10, 10_000
"""An exchange begins with 2 to 9; a second digit of 1 could be a service's."""
AMERICANS: Final = len(AREAS) * EXCHANGES * LINES

INDIAN_NAMES: Final = (
    (
        *("Aarav", "Aishwarya", "Amit", "Anjali", "Arvind", "Divya", "Ganesh", "Hema"),
        *("Jyoti", "Kabir", "Lata", "Madhav", "Meera", "Naveen", "Nisha", "Pranav"),
        *("Priya", "Rajesh", "Ritu", "Sanjay", "Shreya", "Suresh", "Tanvi", "Vivek"),
    ),
    (
        *("Agarwal", "Banerjee", "Bhat", "Chopra", "Das", "Desai", "Dutta", "Gandhi"),
        *("Gupta", "Iyengar", "Jain", "Kaur", "Khan", "Kumar", "Mishra", "Mukherjee"),
        *("Naidu", "Pandey", "Prasad", "Saha", "Sharma", "Singh", "Thakur", "Yadav"),
    ),
)
AMERICAN_NAMES: Final = (
    (
        *("Abigail", "Andrew", "Anthony", "Carmen", "Daniel", "Elena", "Emily", "Eric"),
        *("Grant", "Helen", "Isaac", "James", "Karen", "Luis", "Maria", "Megan"),
        *("Michael", "Nora", "Oscar", "Peter", "Rachel", "Samuel", "Teresa", "Walter"),
    ),
    (
        *("Adams", "Allen", "Baker", "Bennett", "Carter", "Clark", "Cooper", "Davis"),
        *("Edwards", "Evans", "Garcia", "Green", "Harris", "Jackson", "Kelly", "Lewis"),
        *("Lopez", "Martinez", "Moore", "Nelson", "Parker", "Reed", "Turner", "Young"),
    ),
)
"""First names and last names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody; ``numbers`` are national, without the country's code."""

    first_name: str
    last_name: str
    country_code: str
    numbers: tuple[str, ...]


def person(index: int) -> Person:
    """Return person ``index``, counted from 0; ValueError from `MOST` on."""
    if not 0 <= index < MOST:
        message = f"there are {MOST} people, and no person {index}"
        raise ValueError(message)
    return _anybody(index)


def stranger(index: int) -> Person:
    """Return somebody, counted from 0, whose numbers no person has."""
    return _anybody(MOST + index)


def mixed(index: int, what: int = 0) -> int:
    """Return a number below 2**32 that looks random; ``what`` tells several apart."""
    number = (index * 2_654_435_761 + what * 974_711 + 97) & 0xFFFFFFFF
    number = (number ^ number >> 15) * 2_246_822_519 & 0xFFFFFFFF
    return number ^ number >> 13


def _anybody(index: int) -> Person:
    indian = mixed(index) % 5 < 3  # noqa: PLR2004 - three in five
    number = _indian if indian else _american
    firsts, lasts = INDIAN_NAMES if indian else AMERICAN_NAMES
    which = mixed(index, 1)
    return Person(
        first_name=firsts[which % len(firsts)],
        last_name=lasts[which // len(firsts) % len(lasts)],
        country_code=INDIA if indian else USA,
        numbers=tuple(number(NUMBERS * index + at) for at in range(NUMBERS)),
    )


def _indian(index: int) -> str:
    return str(INDIAN_FIRST + (index * STEP + START) % INDIANS)


def _american(index: int) -> str:
    rest, line = divmod((index * STEP + START) % AMERICANS, LINES)
    area, rest = divmod(rest, EXCHANGES)
    first, rest = divmod(rest, 80)
    second, third = divmod(rest, 10)
    return f"{AREAS[area]}{first + 2}{second + 2}{third}{line:04}"
