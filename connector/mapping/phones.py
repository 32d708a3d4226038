"""Reads what people write into a phone field: every number that it can mean.

A text is cut into runs of digits, and a run into numbers; what one number can mean
is for ``numbering``.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from connector.mapping.numbering import (
    Home,
    count_digits,
    digits_of,
    international,
    read,
    without_plus,
)

_LOOKED_AT: Final = 200
_CACHED: Final = 16_384
_PARTS_OF_A_WORD: Final = "0123456789()+.-"
_SURELY_A_NUMBER: Final = 7
_MOST_WORDS: Final = 24
_MOST_ODD_DIGITS: Final = 2
_MOST_OF_AN_ENDING: Final = 4

_BY_CATEGORY = MappingProxyType(
    {"Cf": "", "Mn": "", "Me": "", "Zs": " ", "Pd": "-"}  # marks, spaces, dashes
)
_LOOK_ALIKES = MappingProxyType(
    {"−": "-", "ー": "-", "⁄": "/", "∕": "/", "·": "."}  # noqa: RUF001 - that is why
)
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_FROM_ASCII: Final = 0xFEE0

_RUN = re.compile(r"(?:\+[ (\[+.*_-]{0,3})?[(\[]?[0-9][0-9 \t()\[\]./*_-]*")
# What a run is cut at into several numbers, the surest first.
_GAPS = (re.compile(r"[ \t]{2,}|\t| - "), re.compile(r" +/ +"), re.compile(r"/"))
_SPREADSHEET = re.compile(r"[0-9]{8,15}\.0+|[0-9]{1,3}(?:,[0-9]{2,3}){2,}")
_LIST_MARK = re.compile(r"(?:^[0-9]\.|(?:^|\s)[0-9]\))\s+(?=[+(0-9])", re.MULTILINE)
_EXTENSION = re.compile(
    r"(?<![^\W\d_])(?:ext(?:n|ensi[oó]n)?|x|anexo|доб)\s*[.:=]?\s*[0-9]{1,20}(?!-?[0-9])"
    r"|,\s*[0-9]+#|,,\s*[0-9]+"
    r"|(?<=[0-9]) {0,3}# ?[0-9]{1,6}(?![0-9]|[ .-][0-9])",
    re.IGNORECASE,
)
_VANITY = re.compile(
    r"(?<![A-Za-z0-9])(?:\+ ?)?\(?[0-9][0-9(). -]{1,12}[A-Z][A-Z0-9. -]{2,15}",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[0-9(). +-]*[0-9][.-]?[A-Z][A-Z0-9.-]*")
_SERVICES = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
)


def readings(
    text: str, regions: tuple[str, ...], country: str | None = None
) -> tuple[str, ...]:
    """Return every valid reading of a text as E.164, the likeliest first.

    What begins with + or 00 and a country's code has one reading, wherever it is
    from. Any other number is one of ``country`` where it is valid there, else of
    each of ``regions`` (CLDR codes) where it is; where it is valid in none, its
    country's code may stand there without a +. A text may hold several numbers,
    words, and extensions, which are dropped. Of a long text the first 200 characters
    count. Never raises; () where there is no valid number.
    """
    if len(text) > _LOOKED_AT:
        text = text[:_LOOKED_AT].rstrip(_PARTS_OF_A_WORD)
    return _readings(text, regions, country)


@lru_cache(maxsize=_CACHED)
def _readings(
    text: str, regions: tuple[str, ...], country: str | None
) -> tuple[str, ...]:
    if text.startswith("+") and text[1:].isdigit() and text.isascii():
        return international(text[1:])
    home = Home(regions, country)
    text = _LIST_MARK.sub(";", plain(text))
    if _RUN.fullmatch(text):
        return _of_run(text, home)
    return _of_words(_EXTENSION.sub(";", text), home)


# ── the text ───────────────────────────────────────────────────────────────


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


def _of_words(text: str, home: Home) -> tuple[str, ...]:
    """Read each run of digits; a short one only where no long one is a number."""
    runs: tuple[list[str], list[str]] = ([], [])
    for run in _RUN.findall(text):
        runs[count_digits(run) < _SURELY_A_NUMBER].append(run)
    surely, perhaps = runs
    return (
        _merged(_of_run(run, home) for run in surely)
        or _vanity(text, home)
        or _merged(_of_run(run, home) for run in perhaps)
    )


def _vanity(text: str, home: Home) -> tuple[str, ...]:
    match = _VANITY.search(text)
    written = match.group().strip() if match else ""
    while written and not written[-1].isdigit():
        if found := _spelt(written, home):
            return found
        written = written.rpartition(" ")[0].rstrip()
    return ()


def _spelt(written: str, home: Home) -> tuple[str, ...]:
    """Read letters as a telephone's keys; words beside a number are no such letters."""
    if not set(filter(str.isalpha, written.upper())) - {"X"}:
        return ()
    found = read(phonenumbers.convert_alpha_characters_in_number(written), home)
    if _JOINED.fullmatch(written):
        return found
    return tuple(e164 for e164 in found if _is_service(e164))


def _is_service(e164: str) -> bool:
    return phonenumbers.number_type(phonenumbers.parse(e164)) in _SERVICES


# ── a run of digits: one number, or several ────────────────────────────────


def _of_run(
    run: str, home: Home, gaps: Sequence[re.Pattern[str]] = _GAPS
) -> tuple[str, ...]:
    if not gaps:
        return _of_unbroken(run, home)
    pieces = gaps[0].split(run)
    if len(pieces) == 1:
        return _of_run(run, home, gaps[1:])
    found = [_of_run(piece, home, gaps[1:]) for piece in pieces]
    if all(found) and all(count_digits(piece) >= _SURELY_A_NUMBER for piece in pieces):
        return _merged(found)
    whole = read(run, home)
    if not whole and "/" in gaps[0].pattern:
        found = _with_endings(pieces, found, home)
    return whole or _merged(found) or _of_unbroken(run, home)


def _with_endings(
    pieces: Sequence[str], found: Iterable[tuple[str, ...]], home: Home
) -> list[tuple[str, ...]]:
    """Read "022-40123301/02" as two numbers, the second ending in 02."""
    all_found: list[tuple[str, ...]] = []
    before = ""
    for piece, of_piece in zip(pieces, found, strict=True):
        digits = digits_of(piece)
        if of_piece:
            before = f"+{digits}" if "+" in piece else digits
        elif before and 0 < len(digits) <= _MOST_OF_AN_ENDING:
            all_found.append(read(before[: -len(digits)] + digits, home))
        all_found.append(of_piece)
    return all_found


def _of_unbroken(run: str, home: Home) -> tuple[str, ...]:
    return (
        read(run, home)
        or without_plus(run)
        or _side_by_side(run, home)
        or _but_for_the_last_word(run, home)
    )


def _side_by_side(run: str, home: Home) -> tuple[str, ...]:
    """Read two numbers with only a space between them; of like length if may be."""
    words = run.split()
    if count_digits(run) < 2 * _SURELY_A_NUMBER or len(words) > _MOST_WORDS:
        return ()
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    for left, right in sorted(cuts, key=lambda cut: abs(len(cut[0]) - len(cut[1]))):
        if min(count_digits(left), count_digits(right)) < _SURELY_A_NUMBER:
            continue
        if (first := read(left, home)) and (second := read(right, home)):
            return _merged((first, second))
    return ()


def _but_for_the_last_word(run: str, home: Home) -> tuple[str, ...]:
    rest, _, last = run.strip().rpartition(" ")
    return read(rest, home) if count_digits(last) <= _MOST_ODD_DIGITS else ()


def _merged(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))
