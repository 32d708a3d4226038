"""What ``--from`` and ``--to`` mean, and how a cost is told."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.engine.backfill import Before
from connector.errors import ConfigError
from connector.mapping.flow import PushFlow, World
from connector.mapping.load import load_text
from connector.model import Estimate
from connector.service.backfill import Span, cost, span
from connector.service.costs import left
from connector.service.tables import length
from connector.settings import Settings
from connector.testing import ManualClock
from connector.wiring import STREAMS, App
from tests.service.office import MAPPING, Office, moment

NOW = moment("2026-11-21T08:00:00")
YEAR = Span(start=moment("2026-01-01T00:00"), end=NOW, words="from 2026-01-01 to now")


@pytest.fixture
def app(office: Office) -> Iterator[App]:
    with office.app(ManualClock(NOW)) as opened:
        yield opened


@pytest.fixture
def flow(app: App) -> PushFlow:
    (only,) = app.flows().flows
    return only


def loaded(text: str, world: World) -> PushFlow:
    flow = load_text(text, "calls.yaml", world)
    assert isinstance(flow, PushFlow)
    return flow


def in_zone(app: App, zone: str) -> PushFlow:
    text = MAPPING.replace("every:", f"zone: {zone}\nevery:")
    return loaded(text, app.world)


# ── dates ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2026-01-01", "2026-01-31", "2025-12-31T18:30:00", "2026-01-31T18:30:00"),
        ("2026-01-31", "2026-01-31", "2026-01-30T18:30:00", "2026-01-31T18:30:00"),
        (" 2026-01-01 ", "2026-01-01T09:00", "2025-12-31T18:30:00", "2026-01-01T03:30"),
        (
            "2026-01-01T00:00Z",
            "2026-01-01 06:00+05:30",
            "2026-01-01T00:00",
            "2026-01-01T00:30",
        ),
        ("2026-01-01", "2026-12-31", "2025-12-31T18:30:00", "2026-12-31T18:30:00"),
    ],
)
def test_a_day_is_the_flows_and_the_last_one_is_whole(
    flow: PushFlow, first: str, last: str, start: str, end: str
) -> None:
    found = span(flow, first, last, NOW)

    assert (found.start, found.end) == (moment(start), moment(end))


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(app: App) -> None:
    flow = in_zone(app, "Europe/Rome")

    spring = span(flow, "2026-03-29", "2026-03-29", NOW)
    autumn = span(flow, "2025-10-26", "2025-10-26", NOW)

    assert (spring.end - spring.start).total_seconds() == 23 * 3_600
    assert (autumn.end - autumn.start).total_seconds() == 25 * 3_600


def test_an_end_to_come_is_said_to_be_cut(flow: PushFlow) -> None:
    today = span(flow, "2026-11-21", "2026-11-21", NOW)
    past = span(flow, "2026-11-20", "2026-11-20", NOW)

    assert today.words == "from 2026-11-21 to 2026-11-21 (until now)"
    assert past.words == "from 2026-11-20 to 2026-11-20"


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-02-01", "2026-01-31", "--from 2026-02-01 is not before --to 2026-01-31"),
        ("2026-01-31T09:00", "2026-01-31T09:00", "is not before --to"),
        ("2026-11-22", "2026-11-30", "--from 2026-11-22 is in the future"),
        ("2026-11-21T08:00Z", "2026-11-30", "is in the future"),
        ("yesterday", "2026-01-31", "--from 'yesterday' is not a date such as"),
        ("2026-01-01", "2026-01-32", "--to '2026-01-32' is not a date such as"),
        ("2026-01-01", "", "--to '' is not a date such as"),
        ("0001-01-01", "2026-01-01", "--from 0001-01-01 is before 1970: no system has"),
        ("1960-01-01", "1960-12-31", "--from 1960-01-01 is before 1970: no system has"),
        ("1970-01-01", "1969-12-31T23:00", "--to 1969-12-31T23:00 is before 1970"),
        ("9999-12-31", "9999-12-31", "--from 9999-12-31 is in the future"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    flow: PushFlow, first: str, last: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        span(flow, first, last, NOW)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "Etc/GMT+12"])
@pytest.mark.parametrize("last", ["9999-12-31", "9999-12-31T23:59"])
def test_the_last_day_that_there_is_means_until_now(
    app: App, zone: str, last: str
) -> None:
    found = span(in_zone(app, zone), "1970-01-01", last, NOW)

    assert found.end > NOW
    assert found.words == f"from 1970-01-01 to {last} (until now)"


KOLKATA = ZoneInfo("Asia/Kolkata")
WORDS = World(streams=STREAMS, zones={"callyzer": KOLKATA.key}, regions=("IN",))
FLOW = loaded(MAPPING, WORDS)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2026, 11, 1)))  # noqa: DTZ001  hypothesis takes naive bounds
def test_a_date_time_is_read_in_the_flows_zone_or_its_own(naive: datetime) -> None:
    local = span(FLOW, naive.isoformat(), "2026-11-20", NOW).start
    own = span(FLOW, naive.replace(tzinfo=UTC).isoformat(), "2026-11-20", NOW).start

    assert local == naive.replace(tzinfo=KOLKATA)
    assert own == naive.replace(tzinfo=UTC)


# ── the cost ───────────────────────────────────────────────────────────────


BEFORE = Before()


def said(app: App, flow: PushFlow, expected: Estimate, before: Before = BEFORE) -> str:
    return cost(app, flow, YEAR, expected, before)


def test_a_cost_names_calls_requests_and_writes(app: App, flow: PushFlow) -> None:
    expected = Estimate(records=12_387, requests=124, seconds=248)

    assert said(app, flow, expected) == (
        "About 12,387 calls from 2026-01-01 to now: about 124 requests to callyzer"
        " (4 minutes at its rate), and about 62 CRM calls"
    )


MADE = "WhoId: {find: [Contact, Lead], by: phone, from: customer.phone, none: create}"
CASE = "WhatId: {find: [Case, Account], by: id, from: crm_status}"


@pytest.mark.parametrize(
    ("fields", "calls"),
    [([], 1), ([MADE], 2), ([CASE], 2), ([MADE, CASE], 3)],
)
def test_people_to_be_made_and_tickets_to_be_asked_for_cost_more(
    app: App, fields: list[str], calls: int
) -> None:
    text = MAPPING + "".join(f"  {line}\n" for line in fields)

    known = said(
        app, loaded(text, app.world), Estimate(records=9, requests=1, seconds=0)
    )
    unknown = said(
        app, loaded(text, app.world), Estimate(records=None, requests=1, seconds=0)
    )

    words = f"and about {calls} CRM call{'s' if calls > 1 else ''}"
    assert known.endswith(words)
    assert unknown.endswith(f"{words} for each 200 that changed")


def test_what_is_left_of_the_quota_is_told_where_the_crm_told_it(
    app: App, flow: PushFlow
) -> None:
    app.runner().plan(flow)

    told = said(app, flow, Estimate(records=1, requests=1, seconds=0))

    assert told == (
        "About 1 call from 2026-01-01 to now: about 1 request to callyzer, and about"
        f" 1 CRM call (of {left(app):,} left today before the reserve)"
    )


def test_what_is_kept_for_dialling_is_not_left(office: Office, flow: PushFlow) -> None:
    shared = {**office.settings, "SALESFORCE_DIAL_SHARE": "30"}
    settings = {name.lower(): value for name, value in shared.items()}
    with App(Settings.model_validate(settings), ManualClock(NOW)) as app:
        app.runner().plan(flow)
        quota, there = app.crm.quota(), left(app)

    assert quota
    assert there is not None
    assert 0 < there <= quota.limit * 0.5 - quota.used


def test_a_cost_that_is_more_than_what_is_left_is_warned_of(
    app: App, office: Office, flow: PushFlow
) -> None:
    app.runner().plan(flow)
    office.crm.org.usage.used = 95_000
    app.crm.quota(fresh=True)

    told = said(app, flow, Estimate(records=1, requests=1, seconds=0))

    assert told.endswith(
        "1 CRM call (of 0 left today before the reserve). That is more than is left:"
        " it will end at the reserve, and the same command goes on"
    )


def test_what_is_left_to_do_is_told_where_it_goes_on_in_the_flows_zone(
    app: App, flow: PushFlow
) -> None:
    expected = Estimate(records=50, requests=1, seconds=2)

    told = said(app, flow, expected, Before(done="2026-02-01T00:00:00Z"))

    assert told.startswith(
        "Going on from 2026-02-01 05:30: about 50 calls left from 2026-01-01 to now:"
    )


def test_a_place_that_is_no_time_is_told_as_it_is(app: App, flow: PushFlow) -> None:
    expected = Estimate(records=50, requests=1, seconds=2)

    told = said(app, flow, expected, Before(done="page 9"))

    assert told.startswith("Going on from page 9: about 50 calls left")


def test_it_is_told_why_it_begins_anew(app: App, flow: PushFlow) -> None:
    expected = Estimate(records=50, requests=1, seconds=2)

    told = said(app, flow, expected, Before(anew="the mapping file changed"))

    assert told.startswith(
        "Beginning anew, as the mapping file changed: about 50 calls from 2026-01-01"
    )


def test_an_unknown_number_of_calls_is_said_to_be_unknown(
    app: App, flow: PushFlow
) -> None:
    assert said(app, flow, Estimate(records=None, requests=3, seconds=6)) == (
        "An unknown number of calls from 2026-01-01 to now: at least 3 requests to"
        " callyzer (6 seconds at its rate), and about 1 CRM call for each 200 that"
        " changed"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (248, "4 minutes"),
        (7_199, "120 minutes"),
        (7_200, "2 hours"),
        (100_000, "28 hours"),
    ],
)
def test_a_length_is_told_in_a_unit_that_fits(seconds: float, words: str) -> None:
    assert length(seconds) == words
