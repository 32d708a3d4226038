"""Says in plain words what each run of the demo did, and whom the calls are on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.mapping.flow import PushFlow
from connector.model import (
    INTERNAL,
    Aside,
    Condition,
    Counts,
    Lane,
    Link,
    Query,
    Run,
)
from connector.service.tables import write
from connector.wiring import App

LINE = 100
"""Characters of a reason that are printed."""

PAGE = 500
"""Rows of the ledger that are held at a time."""

INDENT = " " * 12

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
QUIET = frozenset({"unchanged", "skipped"})
"""Counts that are no news: what was read before is read again."""

Links = Mapping[str, Link]


@dataclass(slots=True, kw_only=True)
class Narrator:
    """Tells of each run, and of each record once whom it is on, or when that changes.

    What is told of records costs the more, the more is new; the ledger is not read
    again from its beginning.
    """

    app: App
    say: Callable[[str], None] = write
    _ran: set[str] = field(default_factory=set)
    _asides: set[int] = field(default_factory=set)
    """Entries of the quarantine that were told."""
    _reached: dict[str, int] = field(default_factory=dict)
    """The last row of the ledger that was told, by flow."""
    _open: dict[str, dict[str, Links]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """What was told of records that may be linked yet, by flow and key."""
    _names: dict[str, str] = field(default_factory=dict)
    """Users who are the default of a mapping, by id."""

    def tell(self, run: Run) -> None:
        """Tell of one run: the counts, whom its calls are on, what it set aside."""
        if run.needs_directory:
            return  # it runs again as soon as that is loaded
        went_well = run.outcome in ("done", "stopped")
        if went_well and run.flow in self._ran and not _is_news(run.counts):
            return
        self._ran.add(run.flow)
        folder = self.app.flows()
        if run.flow in {flow.name for flow in folder.dials}:
            return  # what comes of a click is told by who pressed
        flow = next((f for f in folder.flows if f.name == run.flow), None)
        self.say(_summary(run, "records" if flow else "people"))
        if flow:
            self._people(flow, run.counts)
        self._reasons(run)

    # ── whom the calls are on ──────────────────────────────────────────────

    def _people(self, flow: PushFlow, counts: Counts) -> None:
        """Tell whom the calls are on that are new or were linked now, and whose."""
        changed = self._changed(flow) if counts.linked or counts.healed else ()
        news = [*changed, *self._added(flow)]
        on = Counter(words for links in news for words in _on(flow, links))
        whose = Counter(words for links in news for words in self._whose(flow, links))
        for words, count in (*sorted(on.items()), *sorted(whose.items())):
            calls = f"{count} calls" if count > 1 else "1 call "
            self.say(f"{INDENT}{calls:>9} {_short(words)}")

    def _added(self, flow: PushFlow) -> Iterator[Links]:
        """Yield the links of records that are new, and keep what may change yet."""
        after, waiting = self._reached.get(flow.name, 0), self._open[flow.name]
        while rows := self.app.store.added(flow.object, flow.name, after, PAGE):
            self._reached[flow.name] = after = rows[-1][0]
            for _, row in rows:
                links = row.links or {}
                if not _is_settled(flow, links):
                    waiting[row.key] = links
                if links:
                    yield links

    def _changed(self, flow: PushFlow) -> Iterator[Links]:
        """Yield the links of records that were told, and have others now."""
        waiting = self._open[flow.name]
        for row in self.app.store.ledger(flow.object, list(waiting)).values():
            links = row.links or {}
            if links != waiting[row.key]:
                yield links
            waiting[row.key] = links
            if _is_settled(flow, links):
                del waiting[row.key]

    def _whose(self, flow: PushFlow, links: Links) -> Iterator[str]:
        """Say for whom of our users a call is logged, and why."""
        for rule in flow.finds:
            link = links.get(rule.field)
            if link is None or not rule.of_agents:
                continue
            if link.id and not link.object:
                why = link.why.removesuffix(": the default")
                yield f"for {self._name(link.id)}: the default, as {why}"
            else:
                who = link.who.removeprefix("User ") or link.id or "our own user"
                yield f"for {who}: {link.why}"

    def _name(self, crm_id: str) -> str:
        """The name of a user, asked of the CRM once."""
        if crm_id not in self._names:
            where = (Condition(field="Id", operator="is", value=crm_id),)
            query = Query(object="User", fields=("Name",), where=where)
            found = next(self.app.crm.select(query), {})
            self._names[crm_id] = str(found.get("Name") or crm_id)
        return self._names[crm_id]

    # ── what was set aside ─────────────────────────────────────────────────

    def _reasons(self, run: Run) -> None:
        """Tell why records were set aside, alike ones together."""
        entries = self.app.store.asides(run.flow)
        new = [entry for entry in entries if entry.id not in self._asides]
        self._asides.update(entry.id for entry in entries if entry.id)
        for said, count in Counter(map(_reason, new)).most_common():
            self.say(f"{INDENT}{count} set aside: {said}")


def _is_news(counts: Counts) -> bool:
    return any(getattr(counts, name) for name in WORDS.keys() - QUIET)


def _summary(run: Run, things: str) -> str:
    counts = run.counts
    parts = [
        f"{getattr(counts, name)} {word}"
        for name, word in WORDS.items()
        if getattr(counts, name)
    ]
    lane = " (looking back)" if run.lane is not Lane.LIVE else ""
    said = ", ".join(parts) or run.message or run.outcome
    time = _clock_time(run.ended_at or run.started_at)
    return f"{time}  {run.flow}{lane}: read {counts.read:,} {things} → {said}"


def _on(flow: PushFlow, links: Links) -> Iterator[str]:
    """Say whom a call is on, and why: on nobody only if all its links are."""
    fields = [rule.field for rule in flow.finds if not rule.of_agents]
    there = [links[name] for name in fields if name in links]
    found = [link for link in there if link.id]
    if INTERNAL in links:
        yield "between colleagues"
    elif there:
        who = " and ".join(link.who or str(link.id) for link in found) or "nobody"
        why = "; ".join(dict.fromkeys(link.why for link in found or there))
        yield f"on {who}: {why}"


def _is_settled(flow: PushFlow, links: Links) -> bool:
    """Whether all that is to be found was, so that nothing more is to be told."""
    return all(rule.field in links and links[rule.field].object for rule in flow.finds)


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
