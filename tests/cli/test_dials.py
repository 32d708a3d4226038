"""``connector dials``: whom agents asked to call, and what became of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.clock import SystemClock
from connector.model import Dial, DialState
from connector.service.dials import since_at
from connector.state.store import Store
from connector.testing import ManualClock
from tests.cli.conftest import Connector
from tests.service.office import MAPPING, ROOT
from tests.state.dialled import put

NOW = SystemClock().now()
ASKED = datetime(2026, 11, 20, 8, tzinfo=UTC)
NUMBER, AGENT = "+919876512345", "agent-7"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(time=NOW)


@pytest.fixture
def state(tmp_path: Path, clock: ManualClock) -> Iterator[Store]:
    with Store(tmp_path / "state.db", clock) as opened:
        yield opened


@pytest.fixture
def dialling(
    bare: Connector, state: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Connector:
    """Run ``connector`` where there is a state, and a mapping file."""
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "calls.yaml").write_text(MAPPING, encoding="utf-8")
    monkeypatch.setenv("CONNECTOR_STATE", str(tmp_path / "state.db"))
    monkeypatch.setenv("CONNECTOR_MAPPINGS", str(tmp_path / "mappings"))
    return bare


def cells(line: str) -> list[str]:
    """What stands in the columns of a line, but for what is empty."""
    return re.split(" {2,}", line)


def dial(request: str, state: DialState = DialState.PLACED, **more: Any) -> Dial:  # noqa: ANN401  a field's value
    plain = Dial(
        request_id=request,
        flow="click-to-call",
        record_id="00TKa00000GqxVyMAJ",
        state=state,
        number=NUMBER,
        agent=AGENT,
        requested_at=ASKED,
    )
    return replace(plain, **more)


def requests(connector: Connector, *options: str) -> list[str]:
    return [row["request"] for row in connector("dials", "--json", *options).json]


def test_where_nobody_asked_for_a_call_it_says_so(dialling: Connector) -> None:
    assert dialling("dials").out == "No calls were asked for.\n"
    assert dialling("dials", "--json").json == []


def test_a_request_is_one_line(dialling: Connector, state: Store) -> None:
    busy = "Unable to place call - Agent number busy"
    put(state, dial("one", DialState.REFUSED, message=busy, shown=True))

    said = dialling("dials")

    header, line = said.out.splitlines()
    assert header.split() == [
        *("request", "record", "state", "agent", "number", "requested", "at"),
        *("answered", "at", "in", "crm", "message"),
    ]
    asked = f"{ASKED.astimezone():%Y-%m-%d %H:%M:%S}"
    who = ["00TKa00000GqxVyMAJ", "refused", AGENT, NUMBER]
    assert cells(line) == ["one", *who, asked, "yes", busy]


def test_the_newest_is_first_and_so_many_are_shown(
    dialling: Connector, state: Store
) -> None:
    put(state, *(dial(f"r{number:02}") for number in range(60)))

    newest = [f"r{number:02}" for number in reversed(range(60))]
    assert requests(dialling) == newest[:50]
    assert requests(dialling, "--limit", "2") == newest[:2]
    assert requests(dialling, "--limit", "100") == newest
    assert dialling("dials", "--limit", "0").code == 2


def test_only_some_states_are_shown(dialling: Connector, state: Store) -> None:
    put(state, *(dial(each.value, each) for each in DialState))

    assert requests(dialling, "--state", "refused") == ["refused"]
    assert requests(dialling, "--state", "blocked", "--state", "Unknown ") == [
        *("blocked", "unknown")
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("refuse", "did you mean 'refused'?"),
        ("PLACE", "did you mean 'placed'?"),
        ("dialing", "did you mean 'dialling'?"),
        ("whatever", "requested, claimed, dialling, placed,"),
        ("", "requested, claimed, dialling, placed,"),
    ],
)
def test_a_state_that_there_is_not_is_told_with_the_nearest(
    dialling: Connector, name: str, hint: str
) -> None:
    said = dialling("dials", "--state", "placed", "--state", name)

    assert said.code == 2
    assert f"there is no state {name!r}" in said.err
    assert hint in said.err


def test_only_one_flows_are_shown(dialling: Connector, state: Store) -> None:
    put(state, dial("one"), dial("two", flow="other"))

    assert requests(dialling, "--flow", "other") == ["two"]


def test_a_flow_that_there_never_was_is_a_wrong_argument(dialling: Connector) -> None:
    said = dialling("dials", "--flow", "click-to-cal")

    assert said.code == 2
    assert "there is no flow 'click-to-cal'; there is calls\n" in said.err
    assert dialling("dials", "--flow", "calls").out == "No calls were asked for.\n"


def test_a_flow_that_dials_is_there_before_anybody_asked(
    dialling: Connector, tmp_path: Path
) -> None:
    shipped = (ROOT / "mappings" / "click-to-call.yaml").read_text(encoding="utf-8")
    (tmp_path / "mappings" / "click.yaml").write_text(shipped, encoding="utf-8")

    said = dialling("dials", "--flow", "click-to-call")

    assert (said.code, said.out) == (0, "No calls were asked for.\n")


def test_only_those_since_then_are_shown(
    dialling: Connector, state: Store, clock: ManualClock
) -> None:
    for name, days in (("old", 9), ("late", 3), ("new", 1)):
        clock.time = NOW - timedelta(days=days)
        put(state, dial(name))
    day = (NOW - timedelta(days=4)).astimezone().date()

    assert requests(dialling, "--since", "2 days") == ["new"]
    assert requests(dialling, "--since", f"{day}") == ["new", "late"]
    assert requests(dialling, "--since", "1 week") == ["new", "late"]
    assert requests(dialling, "--since", "2020-01-01") == ["new", "late", "old"]


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("yesterday", "such as 2026-01-31"),
        ("", "such as 2026-01-31"),
        ("2026-02-31", "'2026-02-31'"),
        ("2 dogs", "such as 2026-01-31"),
        ("1969-12-31", "must be 1970-01-01 or later"),
        ("9999-12-31", "is in the future"),
    ],
)
def test_a_since_that_is_none_is_a_wrong_argument(
    dialling: Connector, since: str, words: str
) -> None:
    said = dialling("dials", "--since", since)

    assert said.code == 2
    assert "--since" in said.err
    assert words in said.err


def test_a_day_begins_at_midnight_of_this_machines_zone() -> None:
    moment = since_at("2026-11-20", datetime(2026, 11, 21, 8, tzinfo=UTC))

    assert moment.tzinfo is UTC
    assert f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" == "2026-11-20 00:00:00"


LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)
LOCAL = f"{LATER.astimezone():%Y-%m-%d %H:%M:%S}"
LOCKED: dict[str, Any] = {"shown": False, "trouble": "UNABLE_TO_LOCK_ROW: a lock"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (dial("x", shown=True), "yes"),
        (dial("x", show_at=LATER, **LOCKED), f"no: {LOCKED['trouble']}; again {LOCAL}"),
        (dial("x", **LOCKED), f"no: {LOCKED['trouble']}"),
        (dial("x"), "no: not told yet"),
        (dial("x", DialState.REQUESTED), "under way"),
        (dial("x", DialState.CLAIMED), "under way"),
        (dial("x", DialState.DIALLING), "under way"),
        (dial("x", DialState.ELSEWHERE), "told by another"),
    ],
)
def test_it_says_whether_the_crm_has_it_and_why_not(
    dialling: Connector, state: Store, given: Dial, said: str
) -> None:
    put(state, given)

    (_, line) = dialling("dials").out.splitlines()

    assert cells(line)[-1] == said


def test_a_program_is_told_all_of_it_in_parts(
    dialling: Connector, state: Store
) -> None:
    put(
        state,
        dial("one", call_id="c", location="/c/2", show_at=LATER, **LOCKED),
        dial("two", DialState.UNKNOWN, message="It may have\nrung.", shown=True),
    )

    two, one = dialling("dials", "--json").json

    assert one == {
        "request": "one",
        "flow": "click-to-call",
        "record": "00TKa00000GqxVyMAJ",
        "state": "placed",
        "agent": AGENT,
        "number": NUMBER,
        "requested_at": "2026-11-20T08:00:00+00:00",
        "dialled_at": None,
        "answered_at": None,
        "call_id": "c",
        "location": "/c/2",
        "in_crm": False,
        "trouble": "UNABLE_TO_LOCK_ROW: a lock",
        "retry_at": "2026-11-20T09:00:00+00:00",
        "message": "",
    }
    assert (two["in_crm"], two["message"]) == (True, "It may have\nrung.")


def test_what_would_move_a_cursor_is_escaped(dialling: Connector, state: Store) -> None:
    put(state, dial("one", message="red \x1b[31m\nand more", shown=True))

    (_, line) = dialling("dials").out.splitlines()

    assert line.endswith("red \\x1b[31m and more")
