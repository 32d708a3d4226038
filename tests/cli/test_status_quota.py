"""``connector status`` says how the CRM's quota stands, and when it is reached."""

from datetime import UTC, datetime, timedelta

import pytest

from connector.clock import SystemClock
from connector.crm.salesforce.budget import Wait
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

    assert last_line(connector) == "CRM quota: not told yet"
    assert (row["quota_used"], row["quota_limit"]) == (None, None)
    assert row["quota_reached_at"] is None


def test_after_a_run_it_says_what_is_used(connector: Connector, office: Office) -> None:
    office.call("one")
    connector("sync")

    (row,) = connector("status", "--json").json

    used = office.crm.used
    as_of = datetime.fromisoformat(row["quota_as_of"])
    assert last_line(connector) == (
        f"CRM quota: {used} of 100,000 calls used (0%) as of {as_of.astimezone():%H:%M}"
    )
    assert (row["quota_used"], row["quota_limit"]) == (used, 100_000)
    assert SystemClock().now() - as_of < timedelta(minutes=1)


def test_at_a_rate_it_says_when_the_reserve_is_reached(
    connector: Connector, office: Office
) -> None:
    heard(office, 50_000, 60_000)

    said = last_line(connector)
    (row,) = connector("status", "--json").json

    expected = SystemClock().now() + timedelta(minutes=20)
    reached = datetime.fromisoformat(row["quota_reached_at"])
    assert "60,000 of 100,000 calls used (60%) as of" in said
    assert "; at this rate" in said
    assert said.endswith(f"{reached.astimezone():%H:%M}")
    assert abs(reached - expected) < timedelta(seconds=30)


def test_a_quota_that_is_reached_says_why_flows_wait_and_until_when(
    connector: Connector, office: Office
) -> None:
    heard(office, 80_000)

    (row,) = connector("status", "--json").json

    as_of, next_look, reached_at = (
        datetime.fromisoformat(row[f"quota_{name}"])
        for name in ("as_of", "next_look", "reached_at")
    )
    why = "from 79,976 on flows wait, as 20% are kept in reserve"
    assert row["quota_waiting"] == why
    assert reached_at == as_of == next_look - timedelta(minutes=5)
    assert last_line(connector) == (
        "CRM quota: 80,000 of 100,000 calls used (80%) as of "
        f"{as_of.astimezone():%H:%M}; {why}; the next look is at "
        f"{next_look.astimezone():%H:%M}"
    )


def test_what_is_for_dialling_is_not_for_flows(
    connector: Connector, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESFORCE_DIAL_SHARE", "5")
    heard(office, 75_000)

    assert "20% are kept in reserve and 5% for dialling;" in last_line(connector)


def test_where_the_crm_refuses_calls_it_says_so(
    connector: Connector, office: Office
) -> None:
    heard(office, 26)
    clock = SystemClock()
    until = clock.now() + timedelta(minutes=15)
    with Store(office.folder / "state.db", clock) as store:
        StoreQuotaBook(store, clock).pause(until)

    (row,) = connector("status", "--json").json

    assert datetime.fromisoformat(row["quota_next_look"]) == until
    assert row["quota_reached_at"] is None
    assert last_line(connector).endswith(
        "; flows wait, as the CRM refuses calls for the day; the next look is at "
        f"{until.astimezone():%H:%M}"
    )


@pytest.mark.parametrize(
    ("minutes", "said"), [(-1, "the next look is due"), (0, "the next look is due")]
)
def test_a_wait_that_is_over_is_over(minutes: int, said: str) -> None:
    wait = Wait(why="flows wait", until=NOW + timedelta(minutes=minutes))

    assert line(Standing(wait=wait), NOW) == (
        f"CRM quota: not told yet; flows wait; {said}"
    )


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

    as_of = f" as of {NOW.astimezone():%H:%M}"
    assert found == USED + as_of + (said.format(moment) if moment else "")


def test_a_program_gets_the_reading_of_everybody_beside_each_flow() -> None:
    wait = Wait(why="flows wait", until=NOW)

    found = columns(Standing(reading=READING, wait=wait, reached_at=NOW))

    assert found == {
        "quota_used": 61_200,
        "quota_limit": 100_000,
        "quota_as_of": NOW,
        "quota_reached_at": NOW,
        "quota_waiting": "flows wait",
        "quota_next_look": NOW,
    }
