"""Dials, as they are put into a state and asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connector.model import Dial
from connector.state.store import Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FLOW, NUMBER, AGENT = "click-to-call", "+442079460000", "1007"


def dial(request_id: str = "r1", **changes: object) -> Dial:
    """A dial with these fields."""
    made = Dial(request_id=request_id, flow=FLOW, record_id="00T1")
    return replace(made, **changes)  # type: ignore[arg-type]  # the caller names fields


def put(store: Store, *dials: Dial) -> None:
    """Write them down, in one commit."""
    with store.writing() as tx:
        for each in dials:
            tx.put_dial(each)


def ids(dials: list[Dial]) -> list[str]:
    return [each.request_id for each in dials]


def near(store: Store, number: str = "", agent: str = "") -> list[str]:
    """What rang, or may have, near a number or an agent, by id."""
    with store.writing() as tx:
        return ids(tx.dials_near(number, agent))


def forget(store: Store, before: datetime = NOW + SECOND) -> int:
    """Forget what is over; how many there were."""
    with store.writing() as tx:
        return tx.forget_dials(before)
