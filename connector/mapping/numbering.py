"""Reads one phone number, written in any way, as E.164.

A number counts where libphonenumber holds it valid or, if asked so, possible: long
enough for its country, whoever has it.
"""

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

_NO_DIGITS = re.compile(r"[^0-9]+")
_FEWEST_DIGITS: Final = 4
_MOST_DIGITS: Final = 20
# Without its + a number of ten digits is sooner a national one with a slip in it.
_FEWEST_WITHOUT_PLUS: Final = 11
_MOST_WITHOUT_PLUS: Final = 15
_FEWEST_POSSIBLE: Final = 7
# Mexico gave up its prefixes for mobiles and for trunk calls in 2019 and 2020.
_RETIRED = MappingProxyType({52: re.compile(r"^(?:1|01|044|045)(?=[0-9]{10}$)")})

# Numbers of many countries drop each other's patterns from re's own small cache,
# and are then read fifteen times slower.
phonenumbers.enable_pattern_cache()


class Home(NamedTuple):
    """CLDR regions, and the one that comes before them all, where it is known.

    ``possible``: numbers count that may be, not only those that are valid.
    """

    regions: tuple[str, ...]
    country: str | None
    possible: bool = False

    def begins(self, digits: str) -> bool:
        """Whether digits begin with the code of one of these countries."""
        regions = filter(None, (self.country, *self.regions))
        codes = map(phonenumbers.country_code_for_region, regions)
        return any(code and digits.startswith(str(code)) for code in codes)


def region_with(code: str) -> str:
    """Return the CLDR region that a country's code is first of all of; ZZ for none."""
    return phonenumbers.region_code_for_country_code(int(code))


def read(written: str, home: Home) -> tuple[str, ...]:
    """Return every reading; the (0) of +44 (0)20 is left out first."""
    if "(0)" in written:
        short = _written(written.replace("(0)", ""), home)
        return short or _written(written, home)
    return _written(written, home)


def without_plus(written: str, home: Home) -> tuple[str, ...]:
    """Read a number whose country's code lacks its +, as 919988776655.

    A single 0 may stand before the code of a country of ``home``.
    """
    digits = digits_of(written)
    bare = digits.lstrip("0")
    if "+" in written or not _FEWEST_WITHOUT_PLUS <= len(bare) <= _MOST_WITHOUT_PLUS:
        return ()
    if (home.possible or bare != digits) and not home.begins(bare):
        return ()
    return international(bare, possible=home.possible)


def _written(written: str, home: Home) -> tuple[str, ...]:
    digits = digits_of(written)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return ()
    if "+" in written:
        return international(digits, possible=home.possible)
    if digits.startswith("00"):
        abroad = international(digits, possible=home.possible)
        if abroad or international(digits, possible=True):
            return abroad
    return _national(digits, home)


def international(digits: str, *, possible: bool = False) -> tuple[str, ...]:
    """Read digits that begin with a country's code, 00 before it or not."""
    digits = digits.removeprefix("00")
    for length in (1, 2, 3) if digits[:1].strip("0") else ():
        code = int(digits[:length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            either = _possible if possible else _either
            found = either(code, digits[length:], None)
            return (found,) if found else ()
    return ()


def _national(digits: str, home: Home) -> tuple[str, ...]:
    either = _possible if home.possible else _either
    if home.country and (known := _in_region(either, digits, home.country)):
        return (known,)
    found = (_in_region(either, digits, region) for region in home.regions)
    return tuple(dict.fromkeys(filter(None, found)))


_Either = Callable[[int, str, str | None], str | None]
"""From a country's code, the rest, and the region if that has no code before it."""


def _in_region(either: _Either, digits: str, region: str) -> str | None:
    code = phonenumbers.country_code_for_region(region)
    return either(code, digits, region) if code else None


def _either(code: int, national: str, region: str | None) -> str | None:
    """Return the digits as they are, else with what the country lets stand before.

    To look first spares the parsing of most numbers, and changes none.
    """
    national = _still_used(code, national)
    if 1 < len(national) <= _MOST_DIGITS and _is_valid_as_is(code, national):
        return f"+{code}{national}"
    number = _parsed(code, national, region)
    if number is None or _e164(number) == f"+{code}{national}":
        return None
    return _e164(number) if phonenumbers.is_valid_number(number) else None


def _possible(code: int, national: str, region: str | None) -> str | None:
    """Return a number that may be, without all that may stand before it.

    A number of one digit again and again is there to fill a field.
    """
    number = _parsed(code, _still_used(code, national), region)
    if number is None or not _is_possible(number):
        return None
    rest = phonenumbers.national_significant_number(number)
    code = number.country_code or code
    if _parsed(code, rest, None) != number:
        return _possible(code, rest, None)
    return _e164(number)


def _is_possible(number: PhoneNumber) -> bool:
    national = phonenumbers.national_significant_number(number)
    if len(national) < _FEWEST_POSSIBLE or len(set(national)) == 1:
        return False
    said = phonenumbers.is_possible_number_with_reason(number)
    return bool(said == ValidationResult.IS_POSSIBLE)


def _is_valid_as_is(code: int, national: str) -> bool:
    zeros = len(national) - len(national.lstrip("0"))
    number = PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=zeros > 0,
        number_of_leading_zeros=zeros,
    )
    return phonenumbers.is_valid_number(number)


def _still_used(code: int, national: str) -> str:
    return _RETIRED[code].sub("", national) if code in _RETIRED else national


def _parsed(code: int, national: str, region: str | None) -> PhoneNumber | None:
    text = national if region else f"+{code}{national}"
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def digits_of(text: str) -> str:
    """Return the digits 0 to 9 of a text."""
    return _NO_DIGITS.sub("", text)


def count_digits(text: str) -> int:
    """Count the digits 0 to 9 of a text."""
    return len(digits_of(text))
