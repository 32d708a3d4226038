"""What the real one does in some of its revisions, or on bad days."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from connector.sandbox.ccai.gate import RetryAfter
from connector.sandbox.ccai.listing import PER
from connector.sandbox.ccai.moments import (
    WRITTEN,
    moment,
    stamp,
    whole_seconds,
    with_offset,
)

Times = Literal["milliseconds", "seconds", "offset"]
TIMES: Final[Mapping[Times, Callable[[datetime], str]]] = {
    "milliseconds": stamp,
    "seconds": whole_seconds,
    "offset": with_offset,
}


@dataclass(slots=True, kw_only=True)
class Moods:
    """May be changed at any time.

    ``paging``: which headers a page has: the links and the total, the total, none.
    ``largest_page``: what a larger ``per`` is reduced to. ``retry_after``: how a 429
    tells the wait. ``moves``: by page number, how many of its calls are changed just
    after it was sent, once. ``nulls``: the fields that are null in every row.
    ``agent_numbers`` and ``times``: how they are written. ``extra``: keys that every
    row has besides. ``accepted``: how a call that waits for somebody's choice is
    answered (both are in the document). ``flat_events``: an event without an item.
    """

    paging: Literal["link", "total", "none"] = "link"
    largest_page: int = PER
    retry_after: RetryAfter = "seconds"
    moves: Counter[int] = field(default_factory=Counter)
    nulls: Collection[str] = ()
    agent_numbers: Literal["text", "integer"] = "text"
    times: Times = "milliseconds"
    extra: Mapping[str, object] = field(default_factory=dict)
    accepted: Literal[200, 202] = 202
    flat_events: bool = False

    @property
    def plain(self) -> bool:
        """Whether rows are sent as they are."""
        odd = self.agent_numbers != "text" or self.times != "milliseconds"
        return not (odd or self.nulls or self.extra)


def rewritten(row: bytes, moods: Moods) -> bytes:
    """Return a row as the moods want it."""
    found = {n: _rewritten(v, moods, n) for n, v in json.loads(row).items()}
    nulls = {name: None for name in moods.nulls if name in found}
    return json.dumps({**found, **nulls, **moods.extra}, ensure_ascii=False).encode()


def _rewritten(value: object, moods: Moods, name: str = "") -> object:
    if isinstance(value, dict):
        return {n: _rewritten(v, moods, n) for n, v in value.items()}
    if isinstance(value, list):
        return [_rewritten(v, moods) for v in value]
    if not isinstance(value, str):
        return value
    if name == "agent_number" and moods.agent_numbers == "integer":
        return int(value) if value.isdigit() else value
    return TIMES[moods.times](moment(value)) if WRITTEN.fullmatch(value) else value
