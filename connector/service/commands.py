"""What the commands do, as rows to show; the CLI only prints them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from connector.engine.hold import LEASE
from connector.errors import (
    BusyError,
    ConfigError,
    RetryableError,
)
from connector.mapping.faults import Fault
from connector.mapping.flow import Flow, PushFlow
from connector.mapping.load import Folder
from connector.model import Aside, Counts, Lane, Run
from connector.ports import Readable
from connector.service.checking import against_crm, said
from connector.service.sync import Report
from connector.wiring import STREAMS, App

COUNTS = (*Counts.__slots__, "left_aside")

Row = dict[str, Any]


def chosen(folder: Folder, names: Sequence[str]) -> list[PushFlow]:
    """The flows called ``names``, or all; ConfigError names one that isn't there.

    It may be in a file that is broken, so all faults are said as well.
    """
    flows = {flow.name: flow for flow in folder.flows}
    if out := [folder.left_out[name] for name in names if name in folder.left_out]:
        raise ConfigError("\n".join(out))
    if unknown := [name for name in names if name not in flows]:
        there = ", ".join(sorted(flows)) or "none"
        faults = [str(fault) for fault in errors_of(folder)]
        if folder.directory and folder.directory.name in unknown:
            name = folder.directory.name
            raise ConfigError(
                f"{name} is the directory, which has no records:"
                f" `connector sync {name}` brings it up to date"
            )
        if any(flow.name in unknown for flow in folder.dials):
            raise ConfigError(
                f"{unknown[0]} dials, and carries no records: `connector dials` lists"
                " its calls"
            )
        message = f"there is no flow {unknown[0]!r}; there is {there}"
        raise ConfigError("\n".join([message, *faults]))
    return [flows[name] for name in dict.fromkeys(names)] or list(flows.values())


def to_sync(folder: Folder, names: Sequence[str]) -> list[Flow]:
    """The flows called ``names``, or all; the directory goes before those who need it,
    and those that dial go last.

    Raises what `chosen` raises.
    """
    directory = [folder.directory] if folder.directory else []
    apart = {*(flow.name for flow in directory), *(flow.name for flow in folder.dials)}
    mapped = [name for name in names if name not in apart]
    flows = chosen(folder, mapped) if mapped or not names else []
    needed = any(flow.finds or flow.internal for flow in flows)
    if not needed and names:
        directory = [flow for flow in directory if flow.name in names]
    dials = [flow for flow in folder.dials if not names or flow.name in names]
    return [*directory, *flows, *dials]


def errors_of(folder: Folder) -> list[Fault]:
    """The faults for which a file gives no flow."""
    return [fault for fault in folder.faults if fault.severity == "error"]


# ── check ──────────────────────────────────────────────────────────────────


def check(app: App, folder: Folder, *, offline: bool) -> Iterator[Row]:
    """Every fault of the mapping files, and what each flow would cost a day.

    A row's ``severity`` is error (mend it), unavailable (ask again later), warning
    or info.
    """
    for fault in folder.faults:
        yield said(fault.severity, str(fault))
    if offline:
        return
    for words in folder.left_out.values():
        yield said("warning", words)
    for flow in folder.mapped:
        if missing := app.missing(flow):
            yield said("error", f"{flow.file}: {missing}")
    try:
        yield from against_crm(app, folder)
    except RetryableError as error:
        yield said("unavailable", f"the CRM could not be asked: {error.message}")
    except ConfigError as error:
        yield said("error", error.message)


def exit_code(rows: Sequence[Row]) -> int:
    """2 where something must be mended, 1 where the CRM could not be asked."""
    found = {row["severity"] for row in rows}
    return 2 if "error" in found else 1 if "unavailable" in found else 0


# ── what there is ──────────────────────────────────────────────────────────


def run_row(run: Run) -> Row:
    """One run, flat."""
    counts = asdict(run.counts)
    seconds = run.ended_at and round((run.ended_at - run.started_at).total_seconds(), 1)
    return {
        "id": run.id,
        "flow": run.flow,
        "lane": run.lane.value,
        "started_at": run.started_at,
        "seconds": seconds,
        "outcome": run.outcome,
        **counts,
        "message": run.message,
    }


def result(row: Row) -> str:
    """What a run did, in words: the counts that are not 0, and its message."""
    counts = [
        f"{name.replace('_', ' ')} {row.get(name)}" for name in COUNTS if row.get(name)
    ]
    return ". ".join(filter(None, [", ".join(counts), row["message"]]))


def aside_row(entry: Aside) -> Row:
    """One quarantine entry, flat, without its payload."""
    return {
        "id": entry.id,
        "flow": entry.flow,
        "record": entry.record_id,
        "code": entry.code,
        "message": entry.message,
        "fields": ", ".join(entry.fields),
        "attempts": entry.attempts,
        "first_at": entry.first_at,
        "retry_at": entry.retry_at,
    }


def aside_details(entry: Aside) -> Row:
    """One quarantine entry with the record as the vendor showed it."""
    return {**aside_row(entry), "key": entry.key, "payload": dict(entry.record)}


def runs(app: App, flow: str | None, limit: int) -> list[Row]:
    """The latest runs; ConfigError for a flow that there never was."""
    found = app.store.runs(flow, limit)
    if flow and not found:
        to_sync(app.flows(), [flow])
    return [run_row(run) for run in found]


# ── quarantine ─────────────────────────────────────────────────────────────


def asides(app: App, flow: str | None) -> list[Aside]:
    """The entries of a flow, or all; ConfigError for a flow that there never was."""
    found = app.store.asides(flow)
    if flow and not found:
        chosen(app.flows(), [flow])
    return [entry for entry in found if not entry.discarded]


def retry(app: App, ids: Sequence[int], flow: str | None, *, every: bool) -> int:
    """Make quarantine entries due for the next run; how many they are.

    What could not be read as a record is asked of the vendor again.
    """
    entries = entries_of(app, ids, flow, every=every)
    with app.store.writing() as tx:
        for entry in entries:
            if entry.code == "UNREADABLE" and not entry.record_id.startswith("unread"):
                tx.nudge(entry.flow, [entry.record_id])
        return tx.retry_now(e.id for e in entries if e.id and e.code != "UNREADABLE")


def discard(app: App, ids: Sequence[int], flow: str | None, *, every: bool) -> int:
    """Forget quarantine entries until their records change; how many they were."""
    entries = entries_of(app, ids, flow, every=every)
    with app.store.writing() as tx:
        return tx.discard(entry.id for entry in entries if entry.id)


def entries_of(
    app: App, ids: Sequence[int], flow: str | None, *, every: bool
) -> list[Aside]:
    """The entries that a command names; ConfigError if it names none, or wrongly."""
    if not (ids or flow or every):
        raise ConfigError("say which: ids, --flow FLOW or --all")
    entries = {entry.id: entry for entry in asides(app, flow)}
    if unknown := [entry for entry in ids if entry not in entries]:
        raise ConfigError(f"there is no quarantine entry {unknown[0]}")
    return [entries[entry] for entry in ids] if ids else list(entries.values())


def report_rows(report: Report) -> Iterator[Row]:
    """What came of syncing a flow: a row a run, or one that says why there is none."""
    for run in report.runs:
        yield {**run_row(run), "left_aside": report.left_aside}
    if report.trouble:
        yield {
            "flow": report.flow,
            "outcome": "not run",
            "left_aside": report.left_aside,
            "message": report.trouble,
        }


def set_cursor(app: App, flow: PushFlow, value: str) -> None:
    """Move a cursor by hand; ConfigError if the stream can't read from there."""
    source = app.source(flow, Lane.LIVE)
    if not isinstance(source, Readable):
        raise ConfigError(f"{flow.name} has no cursor: its stream is read whole")
    cursor = source.checked(value)
    lease = app.store.acquire(flow.name, Lane.LIVE, "cursor set", LEASE)
    if lease is None:
        raise BusyError(f"{flow.name} is running, and would move the cursor on: wait")
    with app.store.writing() as tx:
        tx.set_cursor(flow.name, cursor)
        tx.release(lease)


def stream_rows(system: str | None) -> list[Row]:
    """Every field of every stream; ConfigError for a system that isn't there."""
    if system and system not in STREAMS:
        raise ConfigError(f"no system {system!r}; there is {', '.join(STREAMS)}")
    return [
        {
            "stream": f"{stream.system} {stream.name}",
            "field": field.name,
            "type": field.type,
            "meaning": field.meaning,
        }
        for name, streams in STREAMS.items()
        if system in (None, name)
        for stream in streams.values()
        for field in stream.fields
    ]
