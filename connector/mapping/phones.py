"""Reads what people write into a phone field: every number that it can mean.

A text is cut into runs of digits, and a run into numbers; what one number can mean
is for ``numbering``, and what is left out before for ``phone_text``.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice
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
from connector.mapping.phone_text import ways

_LOOKED_AT: Final = 200
_CACHED: Final = 16_384
_PARTS_OF_A_WORD: Final = "0123456789()+.-"
_SURELY_A_NUMBER: Final = 7
_MOST_SEAMS: Final = 24
_MOST_ODD_DIGITS: Final = 2
_MOST_OF_AN_ENDING: Final = 4

_RUN = re.compile(r"(?:\+[ (\[+.*_-]{0,3})?[(\[]?[0-9][0-9 \t()\[\]./*_-]*")
# What a run is cut at into several numbers, the surest first.
_GAPS = (re.compile(r"[ \t]{2,}|\t| - "), re.compile(r" +/ +"), re.compile(r"/"))
# Where two numbers may meet that have no gap between them.
_SEAM = re.compile(r"\)\(|[ ._*/-]+")
_EXTENSION = re.compile(
    r"(?<![^\W\d_])(?:ext(?:n|ensi[oó]n)?|x|anexo|доб)\s*[.:=]?\s*[0-9]{1,20}(?!-?[0-9])"
    r"|,\s*[0-9]+#|,,\s*[0-9]+"
    r"|(?<=[0-9]) {0,3}# ?[0-9]{1,6}(?![0-9]|[ .-][0-9])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}"
    r"|[0-9]{1,2}([-/.])[0-9]{1,2}\2(?:19|20)[0-9]{2}"
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
    """Return every reading of a text as E.164, the likeliest first.

    Those that are valid, else those that may be numbers by their length: so two that
    are alike meet, even where libphonenumber knows no such number. See
    `valid_readings` for the rest.
    """
    return valid_readings(text, regions, country) or _readings(
        _looked_at(text), regions, country, possible=True
    )


def valid_readings(
    text: str, regions: tuple[str, ...], country: str | None = None
) -> tuple[str, ...]:
    """Return every valid reading of a text as E.164, the likeliest first.

    What begins with + or 00 and a country's code has one reading, wherever it is
    from. Any other number is one of ``country`` where it is valid there, else of
    each of ``regions`` (CLDR codes) where it is; where it is valid in none, its
    country's code may stand there without a +. A text may hold several numbers,
    words, notes and extensions, which are dropped. Of a long text the first 200
    characters count. Never raises; () where there is no valid number.
    """
    return _readings(_looked_at(text), regions, country, possible=False)


def _looked_at(text: str) -> str:
    if len(text) > _LOOKED_AT:
        return text[:_LOOKED_AT].rstrip(_PARTS_OF_A_WORD)
    return text


@lru_cache(maxsize=_CACHED)
def _readings(
    text: str, regions: tuple[str, ...], country: str | None, *, possible: bool
) -> tuple[str, ...]:
    if text.startswith("+") and text[1:].isdigit() and text.isascii():
        return international(text[1:], possible=possible)
    home = Home(regions, country, possible)
    bare, mended, whole = ways(text)
    found = _of_text(bare, home) or (_of_text(mended, home) if mended != bare else ())
    if found or whole == bare or _of_text(bare, home._replace(possible=True)):
        return found
    return _of_text(whole, home)


def _of_text(text: str, home: Home) -> tuple[str, ...]:
    if _RUN.fullmatch(text):
        return _of_run(text, home)
    return _of_words(_EXTENSION.sub(";", text), home)


# ── a text: several runs of digits, and words ──────────────────────────────


def _of_words(text: str, home: Home) -> tuple[str, ...]:
    """Read each run of digits; a short one only where no long one is a number."""
    runs: tuple[list[str], list[str]] = ([], [])
    for run in _RUN.findall(text):
        runs[count_digits(run) < _SURELY_A_NUMBER].append(run)
    surely, perhaps = runs
    found = _merged(_of_run(run, home) for run in surely)
    if not found and not home.possible:
        found = _vanity(text, home)
    return found or _merged(_of_run(run, home) for run in perhaps)


def _vanity(text: str, home: Home) -> tuple[str, ...]:
    match = _VANITY.search(text)
    if match is None or text[: match.start()].rstrip(" ().+-")[-1:].isdigit():
        return ()
    written = match.group().strip()
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
    if "+" in run and count_digits(pieces[0]) < _SURELY_A_NUMBER:
        return whole or _of_unbroken(run, home)
    if whole and _may_begin_with_a_code(run, home):
        return _merged((whole, *found))
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
    if home.possible:
        date = _DATE.fullmatch(run.strip())
        return () if date else _merged((without_plus(run, home), read(run, home)))
    if whole := read(run, home):
        short = _may_begin_with_a_code(run, home)
        return _merged(
            (whole, _but_for_the_last_word(run, home, read) if short else ())
        )
    return (
        _merged((_but_for_the_last_word(run, home, read), without_plus(run, home)))
        or _side_by_side(run, home)
        or _but_for_the_last_word(run, home, without_plus)
    )


def _may_begin_with_a_code(run: str, home: Home) -> bool:
    """Whether "9198391454 12" may be either a number and more, or 91 and a number."""
    return "+" not in run and home.begins(digits_of(run))


def _side_by_side(run: str, home: Home) -> tuple[str, ...]:
    """Read two numbers without a gap between them: parted by a space if they can be,
    and of like length if they can be."""
    seams = list(islice(_SEAM.finditer(run), _MOST_SEAMS))
    if count_digits(run) < 2 * _SURELY_A_NUMBER:
        return ()
    for _, _, left, right in sorted(_parted(run, seam) for seam in seams):
        if min(count_digits(left), count_digits(right)) < _SURELY_A_NUMBER:
            continue
        if (first := read(left, home)) and (second := read(right, home)):
            return _merged((first, second))
    return ()


def _parted(run: str, seam: re.Match[str]) -> tuple[bool, int, str, str]:
    """Return two parts of a run, after what makes their seam an unlikely one."""
    left, right = run[: seam.start()], run[seam.end() :]
    return " " not in seam[0], abs(len(left) - len(right)), left, right


def _but_for_the_last_word(
    run: str, home: Home, how: Callable[[str, Home], tuple[str, ...]]
) -> tuple[str, ...]:
    rest, _, last = run.strip().rpartition(" ")
    return how(rest, home) if count_digits(last) <= _MOST_ODD_DIGITS else ()


def _merged(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))
