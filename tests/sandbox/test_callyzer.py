"""The sandbox's Callyzer does what the vendor's document says, over HTTP."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx
import phonenumbers
import pytest

from connector.sandbox.callyzer import (
    CLIENTS,
    EXAMPLE,
    FIELDS,
    TEAM,
    CallyzerSandbox,
    new_call,
)
from connector.sandbox.callyzer.arrivals import Arrivals
from connector.sandbox.faults import Fault
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
"""12:00 in India."""
LAST_DAY = {"synced_from": NOON - 86_400, "synced_to": NOON}
DAY, LONG_MAX, INTEGER_MAX = 86_400, 2**63 - 1, 2**31 - 1

NO_SPAN = (
    "Either ‘call_from’ and ‘call_to’ or ‘synced_from’ and ‘synced_to’ are mandatory."
    " The duration should be less than 180 days."
)
HALF = "`%s_from` and ‘%s_to’ are mandatory. The duration should be less than 180 days."
BACKWARDS = "Invalid date range. `From` timestamp should be less than `To` timestamp."
BAD_TYPES = (
    "Invalid call_types. Valid call types are Incoming or Outgoing or Missed or"
    " Rejected."
)
OUT_OF_RANGE = "Value out of range for unsigned long data type."
NO_DURATION = (
    "Invalid duration value. The value of ‘duration_les_than’ should be greater than"
    " value of ‘duration_grt_than’"
)
BAD_PAGE = (
    "Invalid value. Value should be greater than zero and within range of unsigned"
    " integer data type."
)
BAD_PAGE_SIZE = "Invalid value. The value should be between 1 to 100"
BAD_IDS = "Invalid no of unique ids. Minimum 1 and Maximum 20 ids are allowed."


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0, now=clock, excluded=["91-7777777777"])


class Ask(Protocol):
    """Posts a body to an endpoint as the client of the account."""

    def __call__(
        self, body: object, path: str = "history", **headers: str
    ) -> httpx.Response: ...


@pytest.fixture
def ask(sandbox: CallyzerSandbox) -> Iterator[Ask]:
    with Server(sandbox.app) as server, httpx.Client(trust_env=False) as client:

        def post(body: object, path: str = "history", **headers: str) -> httpx.Response:
            return client.post(
                f"{server.url}/api/v2.1/call-log/{path}",
                content=json.dumps(body),
                headers={
                    "authorization": f"Bearer {sandbox.token}",
                    "content-type": "application/json",
                }
                | {name.replace("_", "-"): value for name, value in headers.items()},
            )

        yield post


def ids(answer: httpx.Response) -> list[str]:
    return [call["id"] for call in answer.json()["result"]]


# ── what is answered ───────────────────────────────────────────────────────


def test_the_documents_own_example_is_answered_as_it_is_printed(ask: Ask) -> None:
    example = CallyzerSandbox(examples=True, seconds_per_request=0)
    synced = int(datetime(2023, 11, 30, 17, 12, 53, tzinfo=UTC).timestamp())

    with Server(example.app) as server:
        answer = httpx.post(
            f"{server.url}/api/v2.1/call-log/history",
            json={"synced_from": synced - 1, "synced_to": synced},
            headers={"authorization": f"Bearer {example.token}"},
            trust_env=False,
        )

    assert answer.json() == {
        "result": [EXAMPLE],
        "message": "Success",
        "total_records": 1,
        "page_no": 1,
        "page_size": 100,
    }


def test_a_call_is_sent_with_every_field_and_its_missing_ones_blank(
    sandbox: CallyzerSandbox, ask: Ask
) -> None:
    sandbox.add({"id": "a", "note": "नमस्ते"})

    (call,) = ask(LAST_DAY).json()["result"]

    assert tuple(call) == FIELDS
    assert call["note"] == "नमस्ते"
    assert (call["duration"], call["emp_tags"]) == (0, [])
    assert (call["call_date"], call["call_time"]) == ("2026-11-20", "12:00:00")
    assert call["synced_at"] == call["modified_at"] == "2026-11-20 12:00:00 IST"


def test_a_field_that_the_document_lacks_cannot_be_added(
    sandbox: CallyzerSandbox,
) -> None:
    with pytest.raises(KeyError, match="colour"):
        sandbox.add({"id": "a", "colour": "red"})
    with pytest.raises(KeyError, match="id"):
        sandbox.add({"note": "nobody's"})


def test_both_ends_of_a_span_are_in_it(sandbox: CallyzerSandbox, ask: Ask) -> None:
    for second in range(10):
        sandbox.add({"id": f"{second}", "synced_at": f"2026-11-20 11:00:0{second} IST"})
    eleven = NOON - 3600

    answer = ask({"synced_from": eleven + 3, "synced_to": eleven + 6})

    assert ids(answer) == ["3", "4", "5", "6"]


def test_calls_come_in_order_of_their_sync_then_of_their_ids(
    sandbox: CallyzerSandbox, ask: Ask
) -> None:
    for call_id, second in (("d", 1), ("b", 2), ("c", 0), ("a", 2)):
        sandbox.add({"id": call_id, "synced_at": f"2026-11-20 11:00:0{second} IST"})

    by_sync = ask(LAST_DAY)
    by_call = ask({"call_from": NOON - 10, "call_to": NOON})

    assert ids(by_sync) == ids(by_call) == ["c", "d", "a", "b"]


def test_pages_together_are_all_calls_once(sandbox: CallyzerSandbox, ask: Ask) -> None:
    sandbox.load(250, days=0.9)

    pages = [ask({**LAST_DAY, "page_no": n, "page_size": 90}) for n in (1, 2, 3, 4)]

    assert [len(ids(page)) for page in pages] == [90, 90, 70, 0]
    assert len({i for page in pages for i in ids(page)}) == 250
    assert all(page.json()["total_records"] == 250 for page in pages)
    assert (pages[1].json()["page_no"], pages[1].json()["page_size"]) == (2, 90)


def test_a_changed_call_moves_to_now_unless_told_when(
    sandbox: CallyzerSandbox, clock: Clock, ask: Ask
) -> None:
    sandbox.add({"id": "a"})
    sandbox.add({"id": "b"})
    clock.advance(60)

    sandbox.change("a", note="late")
    sandbox.change("b", note="late", synced_at="2026-11-20 12:00:00 IST")
    answer = ask({"synced_from": NOON - 1, "synced_to": NOON + 60})

    b, a = answer.json()["result"]
    assert (a["synced_at"], a["modified_at"]) == ("2026-11-20 12:01:00 IST",) * 2
    assert (b["synced_at"], b["modified_at"], b["note"]) == (
        "2026-11-20 12:00:00 IST",
        "2026-11-20 12:01:00 IST",
        "late",
    )


def test_a_removed_call_is_gone(sandbox: CallyzerSandbox, ask: Ask) -> None:
    sandbox.add({"id": "a"})
    sandbox.add({"id": "b"})

    sandbox.remove("a")
    sandbox.remove("a")

    assert ids(ask(LAST_DAY)) == ["b"]


def test_a_zone_with_summer_time_is_read_by_its_abbreviation() -> None:
    sandbox = CallyzerSandbox(zone="America/New_York", seconds_per_request=0)
    sandbox.add({"id": "first", "synced_at": "2026-11-01 01:30:00 EDT"})
    sandbox.add({"id": "second", "synced_at": "2026-11-01 01:30:00 EST"})
    half_past_five = int(datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp())

    with Server(sandbox.app) as server:
        answer = httpx.post(
            f"{server.url}/api/v2.1/call-log/history",
            json={"synced_from": half_past_five, "synced_to": half_past_five + 3599},
            headers={"authorization": f"Bearer {sandbox.token}"},
            trust_env=False,
        )

    assert ids(answer) == ["first"]


def test_calls_are_got_by_id_once_and_unknown_ones_are_left_out(
    sandbox: CallyzerSandbox, ask: Ask
) -> None:
    sandbox.add({"id": "a"})
    sandbox.add({"id": "b"})

    answer = ask({"unique_ids": ["b", "nobody", "a", "b"]}, "get")

    assert ids(answer) == ["b", "a"]
    assert set(answer.json()) == {"result", "message"}


# ── filters ────────────────────────────────────────────────────────────────

CALLS: tuple[dict[str, object], ...] = (
    {"id": "in", "call_type": "Incoming", "duration": 10, "emp_tags": ["North", "A"]},
    {"id": "out", "call_type": "Outgoing", "duration": 20, "emp_tags": ["South"]},
    {"id": "missed", "call_type": "Missed", "client_number": "7777777777"},
)
COUNTRY = {"emp_country_code": "91", "client_country_code": "91"}


@pytest.fixture
def filtered(sandbox: CallyzerSandbox, ask: Ask) -> Ask:
    for at, call in enumerate(CALLS):
        numbers = {"emp_number": f"981000000{at}", "client_number": f"999000000{at}"}
        sandbox.add({**COUNTRY, **numbers, **call})
    return ask


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, {"in", "out", "missed"}),
        ({"call_types": ["Incoming", "Missed"]}, {"in", "missed"}),
        ({"duration_grt_than": 10}, {"out"}),
        ({"duration_les_than": 10}, {"missed"}),
        ({"duration_grt_than": 0, "duration_les_than": 20}, {"in"}),
        ({"emp_numbers": ["9810000000"]}, {"in"}),
        ({"emp_numbers": ["91-9810000001", "9810000000"]}, {"in", "out"}),
        ({"emp_tags": ["A", "South"]}, {"in", "out"}),
        ({"client_numbers": ["91-9990000001"]}, {"out"}),
        ({"client_numbers": ["1-9990000001"]}, set()),
        ({"is_exclude_numbers": True}, {"in", "out", "missed"}),
        ({"is_exclude_numbers": False}, {"in", "out"}),
        ({"call_types": [], "duration_grt_than": None, "emp_tags": " "}, None),
        ({"call_from": NOON - 20, "call_to": NOON - 10}, set()),
    ],
)
def test_a_filter_keeps_what_the_document_says(
    filtered: Ask, condition: dict[str, object], expected: set[str] | None
) -> None:
    answer = filtered({**LAST_DAY, **condition})

    assert set(ids(answer)) == (
        expected if expected is not None else {"in", "out", "missed"}
    )
    assert answer.json()["total_records"] == len(ids(answer))


# ── refusals ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, NO_SPAN),
        ({"call_from": None, "synced_to": ""}, NO_SPAN),
        ({"call_from": NOON}, HALF % ("call", "call")),
        ({"synced_to": NOON}, HALF % ("synced", "synced")),
        (
            {"call_from": "yesterday", "call_to": NOON},
            "Invalid call_from. Please pass the timestamp in UNIX format.",
        ),
        (
            {"synced_from": 1, "synced_to": -5},
            "Invalid synced_to. Please pass the timestamp in UNIX format.",
        ),
        (
            {"synced_from": 1.5, "synced_to": 3},
            "Invalid synced_from. Please pass the timestamp in UNIX format.",
        ),
        ({"call_from": NOON, "call_to": NOON}, BACKWARDS),
        ({"synced_from": NOON, "synced_to": NOON - 1}, BACKWARDS),
        (
            {"synced_from": NOON - 180 * DAY, "synced_to": NOON},
            "The duration should be less than 180 days.",
        ),
        ({**LAST_DAY, "call_types": ["Outgoing", "missed"]}, BAD_TYPES),
        ({**LAST_DAY, "call_types": "missed"}, BAD_TYPES),
        ({**LAST_DAY, "duration_les_than": -1}, OUT_OF_RANGE),
        ({**LAST_DAY, "duration_grt_than": LONG_MAX + 1}, OUT_OF_RANGE),
        ({**LAST_DAY, "duration_les_than": 5, "duration_grt_than": 5}, NO_DURATION),
        (
            {**LAST_DAY, "emp_numbers": ["+9181", "98 2", "9810000000"]},
            "Invalid numbers ‘+9181,98 2’.",
        ),
        (
            {**LAST_DAY, "emp_numbers": ["9810000000", "555000", "444000"]},
            "The ‘444000,555000’ numbers doesn’t exist.",
        ),
        ({**LAST_DAY, "emp_tags": ["East", "A"]}, "The ‘East’ tags doesn’t exist."),
        ({**LAST_DAY, "client_numbers": ["x"]}, "Invalid numbers ‘x’."),
        ({**LAST_DAY, "page_no": 0}, BAD_PAGE),
        ({**LAST_DAY, "page_no": INTEGER_MAX + 1}, BAD_PAGE),
        ({**LAST_DAY, "page_size": 0}, BAD_PAGE_SIZE),
        ({**LAST_DAY, "page_size": 101}, BAD_PAGE_SIZE),
        (
            {**LAST_DAY, "is_exclude_numbers": "True"},
            "Invalid is_exclude_numbers. Must be either True or False.",
        ),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_in_the_documents_words(
    filtered: Ask, body: dict[str, object], message: str
) -> None:
    answer = filtered(body)

    assert answer.status_code == 400
    assert answer.json() == {"result": None, "message": message}


@pytest.mark.parametrize("unique_ids", [None, [], "a", [str(n) for n in range(21)]])
def test_only_1_to_20_ids_are_got_at_once(ask: Ask, unique_ids: object) -> None:
    answer = ask({"unique_ids": unique_ids}, "get")

    assert answer.status_code == 400
    assert answer.json() == {"result": None, "message": BAD_IDS}


def test_the_longest_span_and_the_largest_page_are_allowed(ask: Ask) -> None:
    start = NOON - 180 * DAY + 1

    answer = ask({"call_from": start, "call_to": NOON, "page_size": 100})

    assert answer.status_code == 200


@pytest.mark.parametrize("body", [[], "text", {**LAST_DAY, "page": 2}])
def test_a_body_that_is_not_as_documented_is_refused(ask: Ask, body: object) -> None:
    answer = ask(body)

    assert (answer.status_code, answer.json()["result"]) == (400, None)


def test_only_json_is_read(ask: Ask) -> None:
    as_text = ask(LAST_DAY, content_type="text/plain")
    with_charset = ask(LAST_DAY, content_type="application/json; charset=utf-8")

    assert (as_text.status_code, with_charset.status_code) == (400, 200)


@pytest.mark.parametrize(
    "authorization", ["", "Bearer wrong", "callyzer-sandbox-token"]
)
def test_nobody_is_let_in_without_the_token(ask: Ask, authorization: str) -> None:
    for path, body in (("history", LAST_DAY), ("get", {"unique_ids": ["a"]})):
        answer = ask(body, path, authorization=authorization)

        assert (answer.status_code, answer.json()["result"]) == (401, None)


def test_an_expired_subscription_is_refused_until_it_is_renewed(
    sandbox: CallyzerSandbox, ask: Ask
) -> None:
    sandbox.moods.expired = True
    expired = ask(LAST_DAY)
    sandbox.moods.expired = False

    assert expired.status_code == 403
    assert expired.json()["message"] == "Your subscription has expired."
    assert ask(LAST_DAY).status_code == 200


# ── one request in two seconds ─────────────────────────────────────────────


def test_a_request_too_soon_after_the_last_accepted_one_is_turned_away(
    sandbox: CallyzerSandbox, clock: Clock, ask: Ask
) -> None:
    sandbox.seconds_per_request = 2
    statuses = []
    for pause in (0, 1.5, 0.4, 0.2, 2.0):
        clock.advance(pause)
        statuses.append(ask(LAST_DAY).status_code)

    assert statuses == [200, 429, 429, 200, 200]


def test_both_endpoints_share_the_limit_and_a_refused_request_counts(
    sandbox: CallyzerSandbox, ask: Ask
) -> None:
    sandbox.seconds_per_request = 2

    bad, next_one = ask({}), ask({"unique_ids": ["a"]}, "get")

    assert (bad.status_code, next_one.status_code) == (400, 429)


def test_the_wait_is_told_in_seconds_as_a_date_or_not_at_all(
    sandbox: CallyzerSandbox, clock: Clock, ask: Ask
) -> None:
    sandbox.seconds_per_request = 2
    ask(LAST_DAY)
    clock.advance(0.5)

    in_seconds = ask(LAST_DAY).headers["retry-after"]
    sandbox.moods.retry_after = "date"
    as_date = ask(LAST_DAY).headers["retry-after"]
    sandbox.moods.retry_after = "none"
    silent = ask(LAST_DAY).headers

    assert in_seconds == "2"
    assert parsedate_to_datetime(as_date) >= NOW + timedelta(seconds=2)
    assert "retry-after" not in silent


# ── bad days ───────────────────────────────────────────────────────────────


def test_a_page_can_be_answered_with_the_one_before_it(
    sandbox: CallyzerSandbox, ask: Ask
) -> None:
    sandbox.load(30, days=0.9)
    sandbox.moods.repeats[2] = 1

    first, second, again = (
        ask({**LAST_DAY, "page_no": n, "page_size": 10}) for n in (1, 2, 2)
    )

    assert ids(second) == ids(first)
    assert second.json()["page_no"] == 2
    assert not set(ids(again)) & set(ids(first))


def test_a_page_can_lack_its_second_half(sandbox: CallyzerSandbox, ask: Ask) -> None:
    sandbox.load(10, days=0.9)
    sandbox.moods.shortens[1] = 1

    short, whole = ask(LAST_DAY), ask(LAST_DAY)

    assert ids(short) == ids(whole)[:5]
    assert short.json()["total_records"] == 10


def test_durations_can_be_text(sandbox: CallyzerSandbox, ask: Ask) -> None:
    sandbox.add({"id": "a", "duration": 30})
    sandbox.moods.text_durations = True

    (call,) = ask(LAST_DAY).json()["result"]

    assert call["duration"] == "30"


def test_faults_hit_the_endpoints(sandbox: CallyzerSandbox, ask: Ask) -> None:
    sandbox.faults.add(Fault("history", body='{"result": [{"id": "a'))

    cut, fine = ask(LAST_DAY), ask(LAST_DAY)

    with pytest.raises(ValueError, match="Unterminated"):
        cut.json()
    assert fine.json()["result"] == []
    assert sandbox.faults.counts["POST", "/api/v2.1/call-log/history"] == 2


# ── lifelike data ──────────────────────────────────────────────────────────


def test_made_up_calls_are_the_same_for_the_same_seed() -> None:
    one, two = (
        [new_call(rng, NOW) for _ in range(20)] for rng in (Random(7), Random(7))
    )

    assert one == two
    assert len({str(call["id"]) for call in one}) == 20


def test_made_up_calls_have_the_documented_fields_and_types() -> None:
    rng = Random(1)

    for call in (new_call(rng, NOW) for _ in range(500)):
        assert tuple(call) == FIELDS
        assert isinstance(call["duration"], int)
        assert isinstance(call["emp_tags"], list)
        texts = {k: v for k, v in call.items() if k not in {"duration", "emp_tags"}}
        assert all(v is None or isinstance(v, str) for v in texts.values())
        if call["call_type"] in {"Missed", "Rejected"}:
            assert call["duration"] == 0
            assert call["call_recording_url"] == ""


def test_a_call_reaches_the_vendor_after_it_ended() -> None:
    rng = Random(2)
    zone = ZoneInfo("Asia/Kolkata")

    for call in (new_call(rng, NOW) for _ in range(200)):
        start = datetime.fromisoformat(f"{call['call_date']} {call['call_time']}")
        talked = timedelta(seconds=int(str(call["duration"])))
        assert start.replace(tzinfo=zone) + talked < NOW


def test_everybody_has_a_number_that_exists() -> None:
    people = [*TEAM, *CLIENTS]
    numbers = [f"+{p.country_code}{p.number}" for p in people]

    assert len(set(numbers)) == len(people)
    assert [n for n in numbers if not _valid(n)] == []
    assert [e.code for e in TEAM] == [str(code) for code in range(101, 109)]


def _valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def test_trouble_is_rare_and_only_where_it_is_asked_for() -> None:
    rng = Random(3)
    plain = [new_call(rng, NOW) for _ in range(1200)]
    troubled = [new_call(rng, NOW, trouble=True) for _ in range(1200)]

    def long_notes(calls: list[dict[str, object]]) -> int:
        return sum(len(str(call["note"])) > 2000 for call in calls)

    def having(calls: list[dict[str, object]], name: str, value: str) -> int:
        return sum(call[name] == value for call in calls)

    assert long_notes(plain) == having(plain, "crm_status", "Escalated") == 0
    assert having(plain, "emp_code", "108") == 0
    assert 70 < long_notes(troubled) < 130
    assert 50 < having(troubled, "crm_status", "Escalated") < 110
    assert 80 < having(troubled, "emp_code", "108") < 160


def test_loaded_calls_are_spread_over_the_days_before_now(clock: Clock) -> None:
    sandbox = CallyzerSandbox(seconds_per_request=0, now=clock)

    sandbox.load(2000, seed=5, days=30)

    assert len(sandbox) == 2000


def test_another_process_can_add_calls(sandbox: CallyzerSandbox) -> None:
    with Server(sandbox.app) as server:
        answer = httpx.post(
            f"{server.url}/sandbox/calls", json=[{"id": "a"}, EXAMPLE], trust_env=False
        )

    assert answer.status_code == 204
    assert len(sandbox) == 2


def test_calls_arrive_and_change_while_somebody_looks_on(
    sandbox: CallyzerSandbox,
) -> None:
    changed = threading.Event()
    original = sandbox.change

    def change(call_id: str, **fields: object) -> dict[str, object]:
        changed.set()
        return original(call_id, **fields)

    sandbox.change = change  # type: ignore[method-assign]  # tells when it happens
    with Arrivals(sandbox, 0.01, seed=4):
        assert changed.wait(10)

    assert len(sandbox) > 0
