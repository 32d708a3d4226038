"""Runs: when they began, how they ended, and which have died.

Each function works inside the caller's transaction.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from connector.model import Counts, Lane, Run
from connector.state.codec import from_epoch, from_json, to_epoch, to_json

Connection = sqlite3.Connection


def start(connection: Connection, run: Run) -> int:
    """Insert a run; its id. An older one that never ended has died."""
    connection.execute(
        """update runs set outcome = 'died'
           where flow = ? and lane = ? and outcome = 'running'""",
        (run.flow, run.lane),
    )
    done = connection.execute(
        """insert into runs (flow, lane, started_at, outcome, message, counts)
           values (?, ?, ?, ?, ?, ?)""",
        (
            *(run.flow, run.lane, to_epoch(run.started_at), run.outcome),
            *(run.message, to_json(asdict(run.counts))),
        ),
    )
    return int(done.lastrowid or 0)


def finish(connection: Connection, run: Run, forget_before: datetime) -> None:
    """Store how a run ended; drop runs that started before ``forget_before``."""
    connection.execute(
        """update runs set ended_at = ?, outcome = ?, message = ?, counts = ?
           where id = ?""",
        (
            *(to_epoch(run.ended_at), run.outcome, run.message),
            *(to_json(asdict(run.counts)), run.id),
        ),
    )
    connection.execute(
        "delete from runs where started_at < ?", (to_epoch(forget_before),)
    )


def latest(
    connection: Connection, flow: str | None, lane: Lane | None, limit: int, now: float
) -> list[Run]:
    """The latest runs, newest first; one at work whose lease is over has died."""
    rows = connection.execute(
        """select id, flow, lane, started_at, ended_at, message, counts,
             case when outcome = 'running' and not exists (
               select 1 from leases where leases.flow = runs.flow
                 and leases.lane = runs.lane and expires_at > ?4)
             then 'died' else outcome end
           from runs where (?1 is null or flow = ?1) and (?2 is null or lane = ?2)
           order by id desc limit ?3""",
        (flow, lane, limit, now),
    )
    return [_run(row) for row in rows]


def _run(row: Sequence[Any]) -> Run:
    number, flow, lane, started_at, ended_at, message, counts, outcome = row
    return Run(
        id=number,
        flow=flow,
        lane=Lane(lane),
        started_at=datetime.fromtimestamp(started_at, UTC),
        ended_at=from_epoch(ended_at),
        outcome=outcome,
        message=message,
        counts=Counts(**from_json(counts)),
    )
