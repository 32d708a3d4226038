"""The service's own API over HTTP: a nudge makes us look, and a dial can be asked for."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from structlog.typing import EventDict

from connector.engine.dial_poll import KEPT
from connector.errors import BusyError
from connector.model import Dial, DialState
from connector.service import api
from connector.service.api import BURST, MOST_AT_ONCE, MOST_BYTES, RATE
from connector.service.api_words import DialAnswer, NudgeAnswer
from connector.service.schedule import Schedule
from connector.service.web import create_web, serving
from connector.settings import Settings
from connector.testing import ManualClock
from connector.wiring import App
from tests.service.office import ROOT
from tests.service.phone import named

TOKEN = "let-me-in"  # noqa: S105  opens nothing
SHORT, LONG = "00TKa00000GqxVy", "00TKa00000GqxVyMAJ"
DIAL = Dial(
    request_id="b1c5a6f2-6d1b-4c56-9d39-6a9c3cb9f0a1",
    flow="click-to-call",
    record_id=LONG,
    state=DialState.REFUSED,
    message="Unable to place call - Agent number busy",
    requested_at=datetime(2026, 11, 21, 7, 59, 58, tzinfo=UTC),
    number="+919876512345",
    agent="agent-4711",
)


@dataclass(slots=True)
class Counter:
    """A desk that writes down what it is asked to look at."""

    asked: list[str] = field(default_factory=list)
    looks: bool = True
    trouble: Exception | None = None
    goes_on: threading.Event = field(default_factory=threading.Event)
    waits: bool = False
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def nudge(self, record_id: str) -> bool:
        self.asked.append(record_id)
        self.begun.release()
        if self.waits:
            assert self.goes_on.wait(10)
        if self.trouble:
            raise self.trouble
        return self.looks


@pytest.fixture
def desk() -> Counter:
    return Counter()


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def app(tmp_path: Path, clock: ManualClock, token: str) -> Iterator[App]:
    (tmp_path / "mappings").mkdir()
    settings = {
        "connector_state": tmp_path / "state.db",
        "connector_mappings": tmp_path / "mappings",
        "connector_api_token": token,
        "salesforce_url": "https://org.example",
        "salesforce_client_id": "the-app",
        "salesforce_client_secret": "the-secret-of-the-app",
    }
    with App(Settings.model_validate(settings), clock) as opened:
        yield opened


@pytest.fixture
def schedule(app: App) -> Schedule:
    schedule = Schedule(app=app, runner=app.runner())
    schedule.look()
    return schedule


@pytest.fixture
def url(app: App, schedule: Schedule, desk: Counter) -> Iterator[str]:
    with serving(create_web(app, schedule, desk), "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def nudge(
    url: str, body: bytes | None = None, headers: dict[str, Any] | None = None
) -> httpx.Response:
    return httpx.post(
        f"{url}/v1/nudge",
        content=json.dumps({"id": LONG}).encode() if body is None else body,
        headers=bearer() if headers is None else headers,
        trust_env=False,
    )


def dial(
    url: str,
    request_id: str = DIAL.request_id,
    headers: dict[str, Any] | None = None,
) -> httpx.Response:
    path = f"/v1/dials/{quote(request_id, safe='')}"
    sent = bearer() if headers is None else headers
    return httpx.get(url + path, headers=sent, trust_env=False)


def put(app: App, *dials: Dial) -> None:
    for each in dials:
        with app.store.writing() as tx:
            tx.put_dial(each)


# ── what is asked and answered ─────────────────────────────────────────────


@pytest.mark.parametrize("given", [SHORT, LONG])
def test_a_nudge_has_the_record_looked_at(url: str, desk: Counter, given: str) -> None:
    answer = nudge(url, json.dumps({"id": given}).encode())

    assert answer.status_code == 200
    assert answer.json() == {"id": LONG, "looking": True, "dial": None}
    assert desk.asked == [LONG]


def test_it_is_answered_with_what_is_known_of_the_records_latest_request(
    url: str, app: App
) -> None:
    put(app, Dial(request_id="before", flow="f", record_id=LONG), DIAL)

    answer = nudge(url).json()

    assert answer["dial"] == {
        "request_id": DIAL.request_id,
        "record_id": LONG,
        "flow": "click-to-call",
        "state": "refused",
        "message": "Unable to place call - Agent number busy",
        "call_id": "",
        "location": "",
        "requested_at": "2026-11-21T07:59:58Z",
        "dialled_at": None,
        "answered_at": None,
        "shown": False,
    }


def test_neither_number_nor_agent_are_told(url: str, app: App) -> None:
    put(app, DIAL)

    for answer in (nudge(url), dial(url)):
        assert answer.status_code == 200
        assert DIAL.number[3:] not in answer.text
        assert DIAL.agent not in answer.text


def test_a_record_that_no_flow_reads_is_not_looked_at(url: str, desk: Counter) -> None:
    desk.looks = False

    assert nudge(url).json() == {"id": LONG, "looking": False, "dial": None}


def test_a_request_is_told_by_its_id(url: str, app: App) -> None:
    placed = Dial(
        request_id="one",
        flow="click-to-call",
        record_id=LONG,
        state=DialState.PLACED,
        call_id="c-1",
        location="/calls/2",
        requested_at=DIAL.requested_at,
        dialled_at=datetime(2026, 11, 21, 8, tzinfo=UTC),
        answered_at=datetime(2026, 11, 21, 8, 0, 1, 500_000, tzinfo=UTC),
        shown=True,
    )
    put(app, placed)

    answer = dial(url, "one")

    assert answer.status_code == 200
    assert answer.json() == {
        "request_id": "one",
        "record_id": LONG,
        "flow": "click-to-call",
        "state": "placed",
        "message": "",
        "call_id": "c-1",
        "location": "/calls/2",
        "requested_at": "2026-11-21T07:59:58Z",
        "dialled_at": "2026-11-21T08:00:00Z",
        "answered_at": "2026-11-21T08:00:01.500000Z",
        "shown": True,
    }


@pytest.mark.parametrize("name", ["two", "'; drop table dials", "é\N{SNOWMAN}", "\0"])
def test_a_request_that_nobody_knows_is_not_found(
    url: str, app: App, name: str
) -> None:
    put(app, DIAL)

    answer = dial(url, name)

    assert answer.status_code == 404
    assert answer.json() == {"error": "no such request is known"}


def test_asking_for_a_request_has_nothing_looked_at(
    url: str, app: App, desk: Counter
) -> None:
    put(app, DIAL)

    dial(url)

    assert desk.asked == []


def test_an_address_may_end_with_a_slash(url: str, app: App) -> None:
    put(app, DIAL)
    body = json.dumps({"id": LONG}).encode()

    nudged = httpx.post(
        f"{url}/v1/nudge/", content=body, headers=bearer(), trust_env=False
    )
    asked = httpx.get(
        f"{url}/v1/dials/{DIAL.request_id}/", headers=bearer(), trust_env=False
    )

    assert (nudged.status_code, asked.status_code) == (200, 200)


# ── who is let in ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "authorization",
    [
        *(None, b"", b"Bearer", TOKEN.encode(), b"Bearer let-me-i"),
        *(b"Bearer let-me-in2", b"Bearer LET-ME-IN", b"Basic let-me-in"),
        *(b"Bearerlet-me-in", b"Token let-me-in", b"Bearer let-me-in let-me-in"),
        *(b"Bearer \xff\xfe", "Bearer let-më-in".encode(), b"Basic bGV0LW1lLWlu"),
    ],
)
def test_whoever_has_no_token_gets_one_answer_and_nothing_done(
    url: str, app: App, desk: Counter, authorization: bytes | None
) -> None:
    put(app, DIAL)
    headers = {} if authorization is None else {"Authorization": authorization}

    nudged = nudge(url, headers=headers)
    told = dial(url, headers=headers)

    for answer in (nudged, told):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json() == {"error": "the bearer token is missing or not right"}
    assert desk.asked == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "])
def test_the_scheme_is_written_in_any_case(url: str, scheme: str) -> None:
    answer = nudge(url, headers={"Authorization": f"{scheme} {TOKEN}"})

    assert answer.status_code == 200


@pytest.mark.parametrize("token", ["clé-ünïque"])
@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_a_token_beyond_ascii_opens_however_it_comes(
    url: str, token: str, coding: str
) -> None:
    right = nudge(url, headers={"Authorization": f"Bearer {token}".encode(coding)})
    wrong = nudge(url, headers={"Authorization": "Bearer clé-unique".encode(coding)})

    assert (right.status_code, wrong.status_code) == (200, 401)


@pytest.mark.parametrize("token", [""])
@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer None", "Bearer x", "Basic Og=="]
)
def test_without_a_token_set_nobody_is_let_in(
    url: str, desk: Counter, token: str, given: str
) -> None:
    answer = nudge(url, headers={"Authorization": given})

    assert answer.status_code == 401
    assert answer.json() == {"error": "the bearer token is missing or not right"}
    assert desk.asked == []


@pytest.mark.parametrize("token", [""])
def test_that_no_token_is_set_is_logged_once(
    url: str, logged: list[EventDict], token: str
) -> None:
    for _ in range(3):
        nudge(url)
        dial(url)

    (event,) = [each for each in logged if each["log_level"] == "warning"]
    assert event["event"] == "nudge_not_taken"
    assert "CONNECTOR_API_TOKEN is not set" in event["reason"]


# ── bodies ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * MOST_BYTES, "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"null", "not an object"),
        (b'["00TKa00000GqxVyMAJ"]', "not an object"),
        (b'"00TKa00000GqxVyMAJ"', "not an object"),
        (b"{}", 'a text as its "id"'),
        (b'{"id": null}', 'a text as its "id"'),
        (b'{"id": 15}', 'a text as its "id"'),
        (b'{"id": ["00TKa00000GqxVyMAJ"]}', 'a text as its "id"'),
        (b'{"Id": "00TKa00000GqxVyMAJ"}', 'a text as its "id"'),
        (b'{"id": ""}', "15 letters and digits"),
        (b'{"id": "00TKa00000GqxV"}', "15 letters and digits"),
        (b'{"id": "00TKa00000GqxVyMA"}', "15 letters and digits"),
        (b'{"id": "00TKa00000GqxVyMAK"}', "the 3 that belong to them"),
        (b'{"id": "00TKa00000GqxVyMAJ "}', "15 letters and digits"),
        (b'{"id": "00TKa00000Gq\' OR"}', "15 letters and digits"),
        (b'{"id": "\\ud800TKa00000GqxVy"}', "15 letters and digits"),
    ],
)
def test_a_body_that_is_no_nudge_is_told_what_is_wrong(
    url: str, desk: Counter, body: bytes, words: str
) -> None:
    answer = nudge(url, body)

    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert desk.asked == []


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("id"), inner),
    max_leaves=8,
)


@given(body=st.binary(max_size=200) | JSONS.map(lambda v: json.dumps(v).encode()))
@trying(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_does_harm(
    url: str, desk: Counter, clock: ManualClock, body: bytes
) -> None:
    clock.time += timedelta(seconds=1)

    answer = nudge(url, body)

    assert answer.status_code == 400
    assert answer.json()["error"]
    assert desk.asked == []


def raw(url: str, *lines: str, body: bytes = b"") -> str:
    """Send these lines of a nudge and no more; the answer's first line."""
    host = urlsplit(url)
    with socket.create_connection((host.hostname, host.port), timeout=5) as line:
        head = "\r\n".join(["POST /v1/nudge HTTP/1.1", "Host: us", *lines, "", ""])
        line.sendall(head.encode() + body)
        return line.recv(1000).decode().partition("\r\n")[0]


AUTHORIZED = f"Authorization: Bearer {TOKEN}"


def test_a_body_of_somebody_without_the_token_is_not_waited_for(url: str) -> None:
    said = raw(url, "Authorization: Bearer wrong", "Content-Length: 4000")

    assert said.startswith("HTTP/1.1 401 ")


@pytest.mark.parametrize("line", ["Authorization: Bearer ", "Authorization:", "X: y"])
@pytest.mark.parametrize("token", ["", TOKEN])
def test_an_empty_token_opens_nothing(url: str, token: str, line: str) -> None:
    assert raw(url, line, "Content-Length: 30").startswith("HTTP/1.1 401 ")


def test_one_who_waits_to_be_asked_for_a_body_is_not_asked_without_the_token(
    url: str,
) -> None:
    said = raw(url, "Content-Length: 30", "Expect: 100-continue")

    assert said.startswith("HTTP/1.1 401 ")


def test_a_body_that_says_to_be_huge_is_not_waited_for(url: str) -> None:
    said = raw(url, AUTHORIZED, f"Content-Length: {MOST_BYTES + 1}")

    assert said.startswith("HTTP/1.1 413 ")


def test_a_body_that_is_huge_without_saying_so_is_not_read_on(url: str) -> None:
    chunk = b"%x\r\n%s\r\n" % (MOST_BYTES + 1, b" " * (MOST_BYTES + 1))

    said = raw(url, AUTHORIZED, "Transfer-Encoding: chunked", body=chunk)

    assert said.startswith("HTTP/1.1 413 ")


def test_a_body_of_the_most_bytes_is_read_and_of_one_more_is_not(
    url: str, desk: Counter
) -> None:
    body = json.dumps({"id": LONG}).encode().ljust(MOST_BYTES)

    most, more = nudge(url, body), nudge(url, body + b" ")

    assert (most.status_code, more.status_code, desk.asked) == (200, 413, [LONG])
    assert more.json() == {"error": f"the body has more than {MOST_BYTES} bytes"}


def test_a_body_that_does_not_come_is_not_waited_for_long(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "BODY_SECONDS", 0.05)

    said = raw(url, AUTHORIZED, "Content-Length: 30", body=b'{"id": ')

    assert said.startswith("HTTP/1.1 408 ")


def test_slow_bodies_hold_up_nobody(url: str, desk: Counter) -> None:
    host = urlsplit(url)
    head = f"POST /v1/nudge HTTP/1.1\r\nHost: us\r\n{AUTHORIZED}\r\n"
    lines = [socket.create_connection((host.hostname, host.port)) for _ in range(30)]
    for line in lines:
        line.sendall(head.encode() + b"Content-Length: 30\r\n\r\n{")

    answer = nudge(url)

    for line in lines:
        line.close()
    assert (answer.status_code, desk.asked) == (200, [LONG])


def test_a_compressed_body_is_refused_in_clear_words(url: str) -> None:
    answer = nudge(url, b"x", {**bearer(), "Content-Encoding": "gzip"})

    assert answer.status_code == 415
    assert "compressed" in answer.json()["error"]


# ── how often ──────────────────────────────────────────────────────────────


def statuses(url: str, count: int, token: str = TOKEN, path: str = "") -> list[int]:
    """What so many nudges are answered, or so many questions for ``path``."""
    method, address = ("GET", path) if path else ("POST", "/v1/nudge")
    body = json.dumps({"id": LONG})
    with httpx.Client(headers=bearer(token), trust_env=False) as client:
        answers = [
            client.request(method, url + address, content=body) for _ in range(count)
        ]
    return [answer.status_code for answer in answers]


def test_more_than_are_taken_are_told_when_to_come_again(
    url: str, desk: Counter, clock: ManualClock
) -> None:
    said = statuses(url, BURST + 1)
    answer = nudge(url)

    assert said == [200] * BURST + [429]
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "a second" in answer.json()["error"]
    assert len(desk.asked) == BURST

    clock.time += timedelta(seconds=1)
    assert statuses(url, int(RATE) + 1) == [200] * int(RATE) + [429]


def test_whoever_asks_again_and_again_holds_up_nobodys_nudge(url: str) -> None:
    said = statuses(url, BURST + 1, path="/v1/dials/one")

    assert said == [404] * BURST + [429]
    assert nudge(url).status_code == 200


def test_strangers_take_nothing_from_those_who_have_the_token(url: str) -> None:
    said = statuses(url, BURST + 10, token="wrong")  # noqa: S106  opens nothing

    assert set(said) == {401}
    assert nudge(url).status_code == 200


def test_a_clock_that_is_set_back_keeps_nobody_out_for_long(
    url: str, clock: ManualClock
) -> None:
    statuses(url, BURST + 1)

    clock.time -= timedelta(days=1)
    at_once = nudge(url).status_code
    clock.time += timedelta(seconds=1)

    assert (at_once, nudge(url).status_code) == (429, 200)


# ── trouble ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("seconds", "said"), [(None, "2"), (0.3, "1"), (7.2, "8")])
def test_where_too_many_wait_it_asks_to_try_again(
    url: str, desk: Counter, seconds: float | None, said: str
) -> None:
    desk.trouble = BusyError("100 wait", retry_after=seconds)

    answer = nudge(url)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, said)
    assert answer.json() == {"error": "100 wait: try again later"}


def test_a_state_that_cannot_be_read_asks_to_try_again(
    url: str, app: App, logged: list[EventDict]
) -> None:
    app.store.read("select 1")
    app.store.db.execute("drop table dials")

    for answer in (nudge(url), dial(url)):
        assert answer.status_code == 503
        assert answer.json() == {"error": "try again later"}
        assert int(answer.headers["Retry-After"]) > 0
    (event,) = named(logged, "nudge_not_taken")
    assert "the state cannot be used" in event["reason"]


def test_before_the_mapping_files_are_read_it_asks_to_try_again(
    app: App, desk: Counter
) -> None:
    fresh = Schedule(app=app, runner=app.runner())

    with serving(create_web(app, fresh, desk), "127.0.0.1", 0) as port:
        answer = nudge(f"http://127.0.0.1:{port}")

    assert (answer.status_code, desk.asked) == (503, [])
    assert "starting" in answer.json()["error"]


def test_where_nothing_dials_a_nudge_is_refused_and_a_request_still_told(
    app: App, schedule: Schedule
) -> None:
    put(app, DIAL)

    with serving(create_web(app, schedule), "127.0.0.1", 0) as port:
        url = f"http://127.0.0.1:{port}"
        nudged, told = nudge(url), dial(url)

    assert (nudged.status_code, told.status_code) == (503, 200)
    assert nudged.json() == {"error": "nothing dials here"}


def test_many_at_once_are_all_answered(url: str, desk: Counter, app: App) -> None:
    put(app, DIAL)

    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda _: nudge(url), range(60)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["dial"]["state"] for answer in answers} == {"refused"}
    assert len(desk.asked) == 60


def test_a_desk_that_is_slow_leaves_the_service_healthy(
    url: str, desk: Counter, schedule: Schedule
) -> None:
    desk.waits = True
    with ThreadPoolExecutor(50) as people:
        answers = [people.submit(nudge, url) for _ in range(50)]
        for _ in range(MOST_AT_ONCE):
            assert desk.begun.acquire(timeout=10)
        healthy = httpx.get(f"{url}/healthz", trust_env=False, timeout=5)
        begun = len(desk.asked)
        desk.goes_on.set()

    assert healthy.json() == {"status": "stopped"}
    assert begun == MOST_AT_ONCE
    assert {each.result().status_code for each in answers} == {200}


# ── what is logged ─────────────────────────────────────────────────────────


def test_a_nudge_is_logged_and_so_is_why_one_was_not_taken(
    url: str, desk: Counter, logged: list[EventDict]
) -> None:
    nudge(url)
    nudge(url, b"{}")
    nudge(url, headers=bearer("guess"))

    (taken,) = named(logged, "nudge_taken")
    malformed, forged = named(logged, "nudge_not_taken")
    assert (taken["record"], taken["looking"]) == (LONG, True)
    assert (malformed["status"], forged["status"]) == (400, 401)
    assert malformed["reason"] == 'the body is not an object with a text as its "id"'


def test_neither_token_nor_number_are_logged(
    url: str, app: App, logged: list[EventDict]
) -> None:
    put(app, DIAL)

    for headers in (bearer(), bearer("a-guess")):
        nudge(url, headers=headers)
        nudge(url, json.dumps({"id": DIAL.number}).encode(), headers)
    dial(url)

    said = json.dumps(logged, default=str)
    for secret in (TOKEN, "a-guess", DIAL.number, DIAL.agent):
        assert secret not in said


# ── the document ───────────────────────────────────────────────────────────


PAGE = (ROOT / "docs" / "click-to-call.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())
NUDGED = {"200", "400", "401", "408", "413", "415", "429", "503"}
TOLD = {"200", "401", "404", "429", "503"}


@pytest.fixture
def document(url: str) -> dict[str, Any]:
    answer = httpx.get(f"{url}/openapi.json", trust_env=False)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_document_has_every_route_but_the_vendors(document: dict[str, Any]) -> None:
    paths = {path: set(each) for path, each in document["paths"].items()}

    assert document["openapi"].startswith("3.")
    assert paths == {
        "/v1/nudge": {"post"},
        "/v1/dials/{request_id}": {"get"},
        "/healthz": {"get"},
        "/readyz": {"get"},
    }


def test_the_document_says_which_routes_want_the_token(
    document: dict[str, Any],
) -> None:
    ((name, scheme),) = document["components"]["securitySchemes"].items()
    wants = {
        path: operation.get("security", [])
        for path, each in document["paths"].items()
        for operation in each.values()
    }

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert wants["/v1/nudge"] == wants["/v1/dials/{request_id}"] == [{name: []}]
    assert wants["/healthz"] == wants["/readyz"] == []


def test_the_document_has_every_status_and_its_headers(
    document: dict[str, Any],
) -> None:
    nudged = document["paths"]["/v1/nudge"]["post"]["responses"]
    told = document["paths"]["/v1/dials/{request_id}"]["get"]["responses"]

    assert (nudged.keys(), told.keys()) == (NUDGED, TOLD)
    for answers in (nudged, told):
        assert "WWW-Authenticate" in answers["401"]["headers"]
        assert "Retry-After" in answers["429"]["headers"]
        assert "Retry-After" in answers["503"]["headers"]


def shape(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer's body is like, wherever the document says so."""
    reference = answer["content"]["application/json"]["schema"]["$ref"]
    found: dict[str, Any] = document["components"]["schemas"][reference.split("/")[-1]]
    return found


def test_the_document_has_the_bodies_as_they_are(
    document: dict[str, Any], url: str, app: App
) -> None:
    put(app, DIAL)
    nudging = document["paths"]["/v1/nudge"]["post"]
    telling = document["paths"]["/v1/dials/{request_id}"]["get"]

    nudged = shape(document, nudging["responses"]["200"])
    told = shape(document, telling["responses"]["200"])
    refused = shape(document, nudging["responses"]["429"])

    assert nudged["properties"].keys() == nudge(url).json().keys()
    assert told["properties"].keys() == dial(url).json().keys()
    assert refused["properties"].keys() == dial(url, "other").json().keys()
    (parameter,) = telling["parameters"]
    assert (parameter["name"], parameter["in"]) == ("request_id", "path")


def test_the_example_of_the_document_is_taken(
    document: dict[str, Any], url: str
) -> None:
    body = document["paths"]["/v1/nudge"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]

    answer = nudge(url, json.dumps(example).encode())

    assert body["required"]
    assert answer.status_code == 200


def test_the_page_has_every_status_and_figure() -> None:
    rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", PAGE, re.MULTILINE)

    assert {status for row in rows for status in row.split(", ")} == NUDGED | TOLD
    assert f"More than {RATE:g} a second, or {BURST} at once" in PROSE
    assert f"did not come in {api.BODY_SECONDS:g} seconds" in PROSE
    assert f"has more than {MOST_BYTES} bytes" in PROSE
    assert f"is kept for {KEPT.days} days" in PROSE


def test_the_page_has_every_state_and_how_it_is_told() -> None:
    nudged, told = map(json.loads, re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL))
    states = re.findall(r"^\| `(\w+)` \| .+ \| .+ \| .*\|$", PAGE, re.MULTILINE)

    assert NudgeAnswer.model_validate(nudged).model_dump(mode="json") == nudged
    assert DialAnswer.model_validate(told).model_dump(mode="json") == told
    assert states == list(DialState)
