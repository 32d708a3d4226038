"""What a vendor may make of its rows: more keys, nulls, junk, and other values.

A row is an object in a list of an answer, or one inside of such a row. What is
`vital` to a case is left alone. Pure.
"""

import re
from collections.abc import Callable, Collection, Iterator
from random import Random
from typing import Final

from connector.transport.jsontext import Json

Row = dict[str, Json]
Change = Callable[[Row], Row]

EXTRAS: Final[Row] = {
    "_unheard_of": {"a": [1, None, {"b": "c"}]},
    "zz": None,
    "": 0.5,
    "call.id": "not ours",
}
"""Keys that no document has."""
JUNK: Final[tuple[Json, ...]] = (
    *(None, True, 0, -1, 10**30, 0.5, "", " ", "null", "\u0000", "०१२", "9" * 400),
    *("2026-02-30", "25:61:00", "2026-13-32T24:61:00Z", "9999-12-31 23:59:59 IST"),
    *([], [None], [[1]], {}, {"id": {"id": 1}}, [{"id": "x"}]),
)
"""What nobody would expect; no real time, which could be one outside the reading."""
_DATE: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d"


def everywhere(body: Json, change: Change, *, inside: bool = False) -> Json:
    """Return a body with each of its rows changed."""
    if isinstance(body, list):
        return [everywhere(each, change, inside=True) for each in body]
    if not isinstance(body, dict):
        return body
    found = {n: everywhere(v, change, inside=inside) for n, v in body.items()}
    return change(found) if inside else found


def rows(body: Json, *, inside: bool = False) -> Iterator[Row]:
    """Yield each row of a body."""
    if isinstance(body, list):
        for each in body:
            yield from rows(each, inside=True)
    elif isinstance(body, dict):
        for each in body.values():
            yield from rows(each, inside=inside)
        if inside:
            yield body


def with_null(name: str) -> Change:
    """Have a key be null wherever it is."""
    return lambda row: {**row, name: None} if name in row else row


def with_junk(
    which: int, key: int, junk: Json, vital: Collection[str]
) -> Callable[[Json], Json]:
    """Put junk into one key of one row of each answer, whichever they are."""

    def spoilt(body: Json) -> Json:
        found = [row for row in rows(body) if row.keys() - vital]
        if found:
            row = found[which % len(found)]
            names = sorted(row.keys() - vital)
            row[names[key % len(names)]] = junk
        return body

    return spoilt


def other_values(rng: Random, vital: Collection[str]) -> Change:
    """Have other values of the same shapes; some are null, blank or not there."""

    def changed(row: Row) -> Row:
        kept = {n: v for n, v in row.items() if n in vital or rng.random() < 0.9}
        return {n: v if n in vital else _other(v, rng) for n, v in kept.items()}

    return changed


def _other(value: Json, rng: Random) -> Json:
    if rng.random() < 0.1:
        return None
    if isinstance(value, bool):
        return rng.random() < 0.5
    if isinstance(value, int):
        number = rng.choice([0, 1, 59, 3_600, 86_400, value])
        return rng.choice([number, str(number)])
    if isinstance(value, list):
        return rng.choice([[], value, value[:1] * 2])
    return _other_text(value, rng) if isinstance(value, str) else value


def _other_text(text: str, rng: Random) -> str:
    """Return another text of the shape: days stay days, digits stay digits."""
    if rng.random() < 0.1:
        return ""
    if re.match(_DATE, text) or re.fullmatch(_TIME, text):
        day = f"{rng.choice([1970, 2024, 2026])}-{rng.randint(1, 12):02}-28"
        time = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
        return re.sub(_TIME, time, re.sub(_DATE, day, text))
    if re.fullmatch(r"[+\d]+", text):
        return "".join(rng.choice("0123456789") if c != "+" else c for c in text)
    return rng.choice([text, f" {text}\n", text.upper(), "बात हो गई", "x" * 300])
