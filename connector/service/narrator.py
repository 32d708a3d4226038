"""Says in plain words what each run of the demo did, and whom the calls are on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.mapping.flow import PushFlow
from connector.model import Aside, Link, Run
from connector.service.links import decided
from connector.service.tables import out
from connector.wiring import App

LINE = 100
"""Characters of a reason that are printed."""

WHO = "WhoId"

WORDS: Mapping[str, str] = {
    "created": "created",
    "updated": "updated",
    "linked": "linked now",
    "unchanged": "unchanged",
    "skipped": "not wanted by the mapping",
    "healed": "healed",
    "set_aside": "set aside",
    "deleted": "gone",
}


@dataclass(slots=True, kw_only=True)
class Narrator:
    """Tells of each run; of a record that it is on somebody only once."""

    app: App
    _told: set[int] = field(default_factory=set)
    _links: dict[str, Link] = field(default_factory=dict)
    _ran: set[str] = field(default_factory=set)

    def tell(self, run: Run) -> None:
        """Print one run: the counts, whom its calls are on, what it set aside."""
        counts = run.counts
        quiet = run.outcome in ("done", "stopped") and run.flow in self._ran
        if quiet and counts.read == counts.unchanged and not counts.linked:
            return
        self._ran.add(run.flow)
        flow = next((f for f in self.app.flows().flows if f.name == run.flow), None)
        parts = [
            f"{getattr(counts, name)} {word}"
            for name, word in WORDS.items()
            if getattr(counts, name)
        ]
        lane = " (looking back)" if run.lane != "live" else ""
        said = ", ".join(parts) or run.message or run.outcome
        kind = "calls" if flow else "people"
        time = _clock_time(run.ended_at or run.started_at)
        out.print(f"{time}  {run.flow}{lane}: read {counts.read} {kind} → {said}")
        if flow:
            self._people(flow)
        self._reasons(run)

    def _people(self, flow: PushFlow) -> None:
        """Print whom the calls of this run are on and why, alike ones together."""
        said = Counter(map(_on, self._news(flow)))
        for words, count in sorted(said.items(), key=lambda each: each[0]):
            calls = "1 call " if count == 1 else f"{count} calls"
            out.print(f"            {calls:>9} {_short(words)}", markup=False)

    def _news(self, flow: PushFlow) -> Iterator[Link]:
        for known in decided(self.app, flow):
            link = (known.links or {}).get(WHO)
            if link and self._links.get(known.key) != link:
                self._links[known.key] = link
                yield link

    def _reasons(self, run: Run) -> None:
        """Print why records were set aside, alike ones together."""
        entries = self.app.store.asides(run.flow)
        new = [entry for entry in entries if entry.id not in self._told]
        self._told.update(entry.id for entry in entries if entry.id)
        for said, count in Counter(map(_reason, new)).most_common():
            out.print(f"            {count} set aside: {said}", markup=False)


def _on(link: Link) -> str:
    who = (link.who or link.id) if link.id else "nobody"
    return f"on {who}: {link.why}"


def _reason(entry: Aside) -> str:
    """Say why in a line, without what is special about one record."""
    again = (
        f" (tried again by itself, {entry.attempts}. time)" if entry.retry_at else ""
    )
    return f"{entry.code}: {_short(entry.message)}{again}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LINE else words[: LINE - 1] + "…"


def _clock_time(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M:%S}"
