"""A backfill: calls by the time they began, in a lane of its own, beside live.

How far it came is a cursor of its own, which says of what order it is: the same
order goes on from there, another one begins anew. The ledger tells what changed,
as in every lane.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b

from connector.engine.ahead import pulled_ahead
from connector.engine.push import Push
from connector.engine.run import Runner
from connector.errors import ConfigError
from connector.mapping.flow import PushFlow
from connector.model import Estimate, Lane, Page, Run
from connector.ports import Backfillable, Source, State

LAYOUT = frozenset(
    {"file", "place", "object_place", "key_place", "since", "every", "cron", "reread"}
)
"""Parts of a flow that make no difference to a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the backfill before it left: how far it came, if it was this very order.

    ``anew``: why it is not gone on with, empty where there was none.
    """

    done: str | None = None
    anew: str = ""


Announce = Callable[[Estimate, Before], None]
"""Told what is about to be read, and whether it was begun before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Calls that began in [``start``, ``end``), as ``mapping`` makes rows of them.

    ``end`` may be to come: what began by now is read. ``mapping`` is a fingerprint.
    """

    start: datetime
    end: datetime
    mapping: str

    def cursor(self, done: str) -> str:
        """What is kept once everything up to ``done`` is settled."""
        return json.dumps({**self._told(), "done": done})

    def before(self, cursor: str | None) -> Before:
        """What ``cursor`` tells of the backfill before this one."""
        try:
            kept = json.loads(cursor or "{}")
            done = str(kept.pop("done"))
        except (ValueError, KeyError):
            return Before()
        if kept == self._told():
            return Before(done=done)
        edited = kept.get("mapping") != self.mapping
        return Before(anew="the mapping file changed" if edited else "the days differ")

    def _told(self) -> dict[str, str]:
        moments = {"from": self.start, "to": self.end}
        told = {name: at.astimezone(UTC).isoformat() for name, at in moments.items()}
        return {**told, "mapping": self.mapping}


def order(flow: PushFlow, start: datetime, end: datetime) -> Order:
    """Order the calls that began in [``start``, ``end``), as ``flow`` maps them."""
    return Order(start=start, end=end, mapping=fingerprint(flow))


def reached(state: State, flow: str, wanted: Order) -> str | None:
    """How far a backfill that ended early came; None: it will begin again."""
    return wanted.before(state.cursor(f"{flow}/{Lane.BACKFILL}")).done


def fingerprint(flow: PushFlow) -> str:
    """Tell whether a flow makes the same rows; the same in every process.

    Where its file is, how it is laid out, and when it runs do not matter.
    """
    content = repr(_content(flow)).encode("utf-8", "backslashreplace")
    return blake2b(content, digest_size=8).hexdigest()


def _content(value: object) -> object:
    """Take values apart into what has the same text everywhere."""
    if is_dataclass(value):
        names = (each.name for each in fields(value) if each.name not in LAYOUT)
        return [(name, _content(getattr(value, name))) for name in names]
    if isinstance(value, Mapping):
        return sorted((repr(key), repr(_content(each))) for key, each in value.items())
    if isinstance(value, tuple | list):
        return [_content(each) for each in value]
    if isinstance(value, AbstractSet):
        return sorted(repr(_content(each)) for each in value)
    return repr(value)


def backfill(
    runner: Runner, flow: PushFlow, source: Source, wanted: Order, announce: Announce
) -> Run:
    """Bring what ``wanted`` says into the CRM, beside the flow's other lanes.

    Retries nothing in quarantine and fetches nothing by id. Returns and raises what
    `Runner.working` does, and ConfigError for a stream without call times.
    """
    if not isinstance(source, Backfillable):
        name = f"{flow.system}'s {flow.stream.name}"
        raise ConfigError(f"{name} cannot be read by call time")
    carry = partial(_carry, source, wanted, announce)
    return runner.working(flow, Lane.BACKFILL, carry)


def _carry(source: Backfillable, wanted: Order, announce: Announce, push: Push) -> None:
    """Say what it costs, bring the rest of it in, and forget how far it came."""
    before = wanted.before(push.state.cursor(push.lease.cursor))
    done = before.done
    end = min(wanted.end, push.clock.now())
    asked = (source.expected(wanted.start, end, done) for _ in range(1))
    for estimate in pulled_ahead(asked, push.hold.beat, push.stop):
        announce(estimate, before)
    if push.stop.is_set():
        return
    if done is None:
        _forget(push)
    push.carry(_named(source.between(wanted.start, end, done), wanted))
    if not push.stop.is_set():
        _forget(push)


def _named(pages: Iterator[Page], wanted: Order) -> Iterator[Page]:
    """Have the cursor of each page say of what order it is."""
    for page in pages:
        at = page.cursor
        yield page if at is None else replace(page, cursor=wanted.cursor(at))


def _forget(push: Push) -> None:
    """Forget how far it came: of another order, or of one that is through."""
    with push.state.writing() as tx:
        push.hold.inside(tx)
        tx.forget_cursor(push.lease.cursor)
