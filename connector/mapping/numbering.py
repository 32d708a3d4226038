"""Reads one phone number, written in any way, as E.164.

A number counts where libphonenumber holds it valid.
"""

import re
from types import MappingProxyType
from typing import Final, NamedTuple

import phonenumbers

_NO_DIGITS = re.compile(r"[^0-9]+")
_FEWEST_DIGITS: Final = 4
_MOST_DIGITS: Final = 20
# Without its + a number of ten digits is sooner a national one with a slip in it.
_FEWEST_WITHOUT_PLUS: Final = 11
_MOST_WITHOUT_PLUS: Final = 15
# Mexico gave up its prefixes for mobiles and for trunk calls in 2019 and 2020.
_RETIRED = MappingProxyType({52: re.compile(r"^(?:1|01|044|045)(?=[0-9]{10}$)")})

# Numbers of many countries drop each other's patterns from re's own small cache,
# and are then read fifteen times slower.
phonenumbers.enable_pattern_cache()


class Home(NamedTuple):
    """CLDR regions, and the one that comes before them all, where it is known."""

    regions: tuple[str, ...]
    country: str | None


def read(written: str, home: Home) -> tuple[str, ...]:
    """Return every valid reading; the (0) of +44 (0)20 is left out first."""
    if "(0)" in written:
        short = _written(written.replace("(0)", ""), home)
        return short or _written(written, home)
    return _written(written, home)


def without_plus(written: str) -> tuple[str, ...]:
    """Read a number whose country's code lacks its +, as 919988776655."""
    digits = digits_of(written)
    if "+" in written or not _FEWEST_WITHOUT_PLUS <= len(digits) <= _MOST_WITHOUT_PLUS:
        return ()
    return international(digits)


def _written(written: str, home: Home) -> tuple[str, ...]:
    digits = digits_of(written)
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return ()
    if "+" in written:
        return international(digits)
    if digits.startswith("00") and (abroad := international(digits)):
        return abroad
    return _national(digits, home)


def international(digits: str) -> tuple[str, ...]:
    """Read digits that begin with a country's code, 00 before it or not."""
    digits = digits.removeprefix("00")
    for length in (1, 2, 3) if digits[:1].strip("0") else ():
        code = int(digits[:length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            found = _either(code, digits[length:], f"+{digits}", None)
            return (found,) if found else ()
    return ()


def _national(digits: str, home: Home) -> tuple[str, ...]:
    if home.country and (known := _in_region(digits, home.country)):
        return (known,)
    found = (_in_region(digits, region) for region in home.regions)
    return tuple(dict.fromkeys(filter(None, found)))


def _in_region(digits: str, region: str) -> str | None:
    code = phonenumbers.country_code_for_region(region)
    return _either(code, digits, digits, region) if code else None


def _either(code: int, national: str, text: str, region: str | None) -> str | None:
    """Return the digits as they are, else with what the country lets stand before.

    To look first spares the parsing of most numbers, and changes none.
    """
    if code in _RETIRED:
        national = _RETIRED[code].sub("", national)
    if 1 < len(national) <= _MOST_DIGITS and _is_valid_as_is(code, national):
        return f"+{code}{national}"
    return _parsed(text, region, known_wrong=f"+{code}{national}")


def _is_valid_as_is(code: int, national: str) -> bool:
    zeros = len(national) - len(national.lstrip("0"))
    number = phonenumbers.PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=zeros > 0,
        number_of_leading_zeros=zeros,
    )
    return phonenumbers.is_valid_number(number)


def _parsed(text: str, region: str | None, known_wrong: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if e164 == known_wrong or not phonenumbers.is_valid_number(number):
        return None
    return e164


def digits_of(text: str) -> str:
    """Return the digits 0 to 9 of a text."""
    return _NO_DIGITS.sub("", text)


def count_digits(text: str) -> int:
    return len(digits_of(text))
