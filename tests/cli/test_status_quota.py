"""``connector status`` says how the CRM's quota stands, and when it is reached."""

from datetime import UTC, datetime, timedelta

import pytest

from connector.clock import SystemClock
from connector.model import Quota, Reading
from connector.service.quota import Standing, columns, line
from connector.state.quota import StoreQuotaBook
from connector.state.store import Store
from connector.testing import ManualClock
from tests.cli.conftest import Connector
from tests.service.office import Office

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
READING = Reading(quota=Quota(used=61_200, limit=100_000), at=NOW)
USED = "CRM quota: 61,200 of 100,000 calls used (61%)"


def heard(office: Office, *used: int) -> None:
    """Write readings down, ten minutes apart, the last one now."""
    clock = ManualClock(SystemClock().now() - timedelta(minutes=10 * len(used)))
    with Store(office.folder / "state.db", clock) as store:
        for each in used:
            clock.time += timedelta(minutes=10)
            StoreQuotaBook(store, clock).note(Quota(used=each, limit=100_000))


def last_line(connector: Connector) -> str:
    return connector("status").out.splitlines()[-1]


def test_before_the_first_answer_it_says_so(connector: Connector) -> None:
    (row,) = connector("status", "--json").json

    assert last_line(connector) == "CRM quota: not asked yet"
    assert (row["quota_used"], row["quota_limit"]) == (None, None)
    assert row["quota_reached_at"] is None


def test_after_a_run_it_says_what_is_used(connector: Connector, office: Office) -> None:
    office.call("one")
    connector("sync")

    (row,) = connector("status", "--json").json

    used = office.crm.used
    assert last_line(connector) == (f"CRM quota: {used} of 100,000 calls used (0%)")
    assert (row["quota_used"], row["quota_limit"]) == (used, 100_000)


def test_at_a_rate_it_says_when_the_reserve_is_reached(
    connector: Connector, office: Office
) -> None:
    heard(office, 50_000, 60_000)

    said = last_line(connector)
    (row,) = connector("status", "--json").json

    expected = SystemClock().now() + timedelta(minutes=20)
    reached = datetime.fromisoformat(row["quota_reached_at"])
    assert "60,000 of 100,000 calls used (60%); at this rate" in said
    assert said.endswith(f"{reached.astimezone():%H:%M}")
    assert abs(reached - expected) < timedelta(seconds=30)


def test_a_quota_that_is_reached_says_that_flows_wait(
    connector: Connector, office: Office
) -> None:
    heard(office, 80_000)

    (row,) = connector("status", "--json").json

    assert last_line(connector) == (
        "CRM quota: 80,000 of 100,000 calls used (80%); reached: flows wait"
    )
    assert datetime.fromisoformat(row["quota_reached_at"]) <= SystemClock().now()


def test_what_is_for_dialling_is_not_for_flows(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESFORCE_DIAL_SHARE", "5")
    heard(office, 75_000)

    assert last_line(connector).endswith("reached: flows wait")


@pytest.mark.parametrize(
    ("reached_at", "said"),
    [
        (None, ""),
        (
            NOW + timedelta(minutes=1),
            "; at this rate the reserve is reached at {:%H:%M}",
        ),
        (
            NOW + timedelta(hours=23, minutes=59),
            "; at this rate the reserve is reached at {:%Y-%m-%d %H:%M}",
        ),
        (
            NOW + timedelta(days=1),
            "; at this rate the reserve is reached not before tomorrow",
        ),
    ],
)
def test_the_time_is_the_machines_with_the_date_where_it_is_not_today(
    reached_at: datetime | None, said: str
) -> None:
    # So that a minute later is the same day in any zone.
    now = NOW.astimezone().replace(hour=9)
    moment = reached_at and reached_at + (now - NOW)

    found = line(Standing(reading=READING, reached_at=moment), now)

    assert found == USED + (said.format(moment) if moment else "")


def test_a_program_gets_the_reading_of_everybody_beside_each_flow() -> None:
    found = columns(Standing(reading=READING, reached_at=NOW))

    assert found == {
        "quota_used": 61_200,
        "quota_limit": 100_000,
        "quota_reached_at": NOW,
    }
