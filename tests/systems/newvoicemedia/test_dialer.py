"""What a mapping can say is what NewVoiceMedia is asked, and every end has its error."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import httpx
import pytest

from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.model import Call, Placed
from connector.ports import Dialer
from connector.sandbox.newvoicemedia import rules
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.systems.newvoicemedia.dialer import PARAMETERS, NewVoiceMediaDialer
from connector.systems.newvoicemedia.operations import CREATE_CALL
from connector.testing import ManualClock
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens
from tests.systems.newvoicemedia.conftest import Desk
from tests.transport.rude import (
    Play,
    Rude,
    answer,
    closes,
    hangs,
    resets,
    says,
    trickles,
)

CALL: Final[Call] = {"from.agentId": "1234", "to.telephoneNumber": "02072068888"}
PATIENCE: Final = 0.25
"""Seconds that the dialer waits for an answer, in these tests."""
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
PAGE: Final = b"<!doctype html><title>Sorry</title>"
MADE: Final = b'{"id": "013d2063"}'
AT: Final = "https://cc.example/v0/a/calls/94e5928c"


def tokens(*statuses: int) -> Tokens:
    """Give tokens at once; first, these refusals."""
    left = list(statuses)

    def give(_: httpx.Request) -> httpx.Response:
        if left:
            return httpx.Response(left.pop(0))
        return httpx.Response(200, json={"access_token": "token"})

    return Tokens(
        http=Http("https://tokens.example", transport=httpx.MockTransport(give)),
        path="/token",
        credentials=Credentials(client_id="id", client_secret="s"),  # noqa: S106  opens nothing
        clock=ManualClock(),
    )


def dialer(url: str) -> NewVoiceMediaDialer:
    http = Http(url, kept=False, timeout=PATIENCE, deadline=PATIENCE)
    return NewVoiceMediaDialer(NewVoiceMediaClient(http, tokens(), "a1b2c3d4e5"))


@contextmanager
def line(play: Play) -> Iterator[tuple[Dialer, Rude]]:
    """A dialer, and the other end of its connection."""
    with Rude(play) as rude:
        built = dialer(rude.url)
        yield built, rude
        built.close()


# ── what is asked ──────────────────────────────────────────────────────────


def test_what_a_mapping_says_is_sent_nested_as_the_document_has_it() -> None:
    call: Call = {
        "from.groups": ("030", "200"),
        "from.presentedCLID": "08008888888",
        "to.telephoneNumber": "02072068888",
        "to.consent": "OneParty",
        "regarding.reference": "0012400000ATTUQ",
        "application": "connector",
    }

    with line(says(answer(201, MADE))) as (dialer, rude):
        dialer.dial(call)

    head, _, body = rude.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v0/a1b2c3d4e5/calls/ HTTP/1.1\r\n")
    assert json.loads(body) == {
        "from": {"groups": ["030", "200"], "presentedCLID": "08008888888"},
        "to": {"telephoneNumber": "02072068888", "consent": "OneParty"},
        "regarding": {"reference": "0012400000ATTUQ"},
        "application": "connector",
    }


def test_the_sandbox_places_what_a_mapping_says(desk: Desk) -> None:
    placed = NewVoiceMediaDialer(desk.client).dial(CALL)

    (dial,) = desk.sandbox.dials
    assert (dial.id, dial.agent, dial.number) == (placed.id, "1234", "02072068888")
    assert placed.location.endswith(dial.location_id)


@pytest.mark.parametrize("blank", ["from.groups", "to.consent", "to.agentId"])
def test_what_is_blank_is_not_asked(desk: Desk, blank: str) -> None:
    empty = () if blank == "from.groups" else ""

    placed = NewVoiceMediaDialer(desk.client).dial({**CALL, blank: empty})

    assert [dial.id for dial in desk.sandbox.dials] == [placed.id]


@pytest.mark.parametrize("name", ["accountKey", "from", "from.colour", "", "to."])
def test_what_is_no_parameter_is_refused_before_it_is_sent(
    desk: Desk, name: str
) -> None:
    with pytest.raises(RefusedError, match="NewVoiceMedia takes no") as refused:
        NewVoiceMediaDialer(desk.client).dial({**CALL, name: "x"})

    assert (refused.value.parameter, refused.value.status) == (name, None)
    assert not desk.sandbox.dials


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"from.agentId": ""}, "Agent Id must be specified"),
        ({"from.agentId": "1" * 12}, "Agent Id exceeds 11 digits"),
        ({"from.agentId": "x"}, "Agent Id must contain digits only"),
        ({"to.telephoneNumber": "1" * 31}, "Telephone number exceeds 30 characters"),
        ({"to.telephoneNumber": ""}, "Either telephone number or agent id required"),
        (
            {"to.agentId": "4567"},
            "Either telephone number or agent id required, not both",
        ),
        ({"regarding.reference": "r" * 2001}, "Reference exceeded 2000 characters"),
        ({"regarding.reference": "a b"}, "Reference contained invalid characters"),
        ({"application": "a" * 33}, "Application exceeded 32 characters"),
        ({"application": "a-b"}, "Application contains non-alphanumeric characters"),
    ],
)
def test_what_the_document_refuses_is_refused_in_its_words_and_not_sent(
    desk: Desk, change: Call, words: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        NewVoiceMediaDialer(desk.client).dial({**CALL, **change})

    assert refused.value.message == words
    assert not desk.sandbox.faults.counts


def test_a_mapping_can_say_all_that_the_operation_takes() -> None:
    takes = {p.name for p in CREATE_CALL.params if p.place == "body"} - {
        *("from", "to", "regarding")
    }

    assert {parameter.name for parameter in PARAMETERS} == takes


def test_a_parameter_has_the_documents_limits() -> None:
    of = {parameter.name: parameter for parameter in PARAMETERS}

    assert {name: each.longest for name, each in of.items() if each.longest} == {
        name: text.most
        for name, (_, text) in rules.TEXTS.items()
        if not name.endswith("consent")
    }
    assert of["to.consent"].choices == ("Unknown", "OneParty", "TwoParty")
    assert [name for name, each in of.items() if each.kind == "list"] == ["from.groups"]
    assert [name for name, each in of.items() if each.kind == "phone"] == [
        "to.telephoneNumber"
    ]
    assert all(each.meaning for each in PARAMETERS)


# ── placed ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("play", "placed"),
    [
        (says(answer(201, MADE, Location=AT)), Placed(id="013d2063", location=AT)),
        (says(answer(201, MADE)), Placed(id="013d2063")),
        (says(answer(201)), Placed(id="")),
        (says(answer(201, PAGE, Location="/login")), Placed(id="", location="/login")),
        (says(answer(201, MADE[:9], more=9)), Placed(id="")),
        (says(answer(201, b"", more=9, Location=AT)), Placed(id="", location=AT)),
        (says(answer(201, b"not gzip", Content_Encoding="gzip")), Placed(id="")),
        (trickles(answer(201, b"", more=900), b" " * 900), Placed(id="")),
        (trickles(b"HTTP/1.1 201 -\r\n\r\n", b" " * 900), Placed(id="")),
    ],
)
def test_a_201_says_that_it_was_placed_whatever_else_comes(
    play: Play, placed: Placed
) -> None:
    with line(play) as (dialer, rude):
        assert dialer.dial(CALL) == placed

    assert len(rude.heard) == 1


# ── refused ────────────────────────────────────────────────────────────────

WORDS: Final = "Unable to place call - Agent number busy"
TYPE: Final = (
    "The requested resource does not support content type 'multipart/form-data'."
)


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, f'{{"message": "{WORDS}"}}', JSON, WORDS),
        (400, f'{{"Message": "{WORDS}"}}', JSON, WORDS),
        (400, f'{{"MESSAGE": "{WORDS}"}}', "", WORDS),
        (400, f'{{"message": "{WORDS}"}}', TEXT, WORDS),
        (400, f"\ufeff{WORDS}\r\n", TEXT, WORDS),
        (400, f'"{WORDS}"', JSON, WORDS),
        (400, '{"message": "a  b"}', JSON, "a  b"),
        (415, f'{{"message": "{TYPE}"}}', JSON, TYPE),
        (400, "<p>no", "text/html", "NewVoiceMedia answered 400"),
        (400, '{"message": ["no"]}', JSON, "NewVoiceMedia answered 400"),
        (413, "", "", "NewVoiceMedia answered 413"),
        (409, f'{{"message": "{WORDS}"}}', JSON, WORDS),
    ],
)
def test_a_refusal_is_told_in_its_own_words(
    status: int, body: str, kind: str, words: str
) -> None:
    with (
        line(says(answer(status, body.encode(), Content_Type=kind))) as (dialer, rude),
        pytest.raises(RefusedError) as refused,
    ):
        dialer.dial(CALL)

    assert (refused.value.message, refused.value.status) == (words, status)
    assert len(rude.heard) == 1


def test_a_refusal_whose_words_are_cut_is_a_refusal() -> None:
    play = says(answer(400, b'{"message": "Unab', more=30))

    with line(play) as (dialer, _), pytest.raises(RefusedError) as refused:
        dialer.dial(CALL)

    assert refused.value.message == "NewVoiceMedia answered 400"


# ── nothing was placed ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (307, UnavailableError),
        (308, UnavailableError),
        (401, UnauthorizedError),
        (403, UnauthorizedError),
        (404, ConfigError),
        (407, ConfigError),
        (429, RateLimitedError),
    ],
)
@pytest.mark.parametrize("body", [b"", PAGE])
def test_an_answer_that_is_not_about_the_call_says_that_nothing_was_placed(
    status: int, kind: type[ConnectorError], body: bytes
) -> None:
    play = says(answer(status, body, more=1, Location="/x", Retry_After="7"))

    with line(play) as (dialer, rude), pytest.raises(ConnectorError) as raised:
        dialer.dial(CALL)

    assert type(raised.value) is kind
    assert getattr(raised.value, "retry_after", None) == (7 if status == 429 else None)
    assert len(rude.heard) == (2 if status == 401 else 1)  # with a new token


def refusing(_: ExitStack) -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def without_tls(opened: ExitStack) -> str:
    rude = opened.enter_context(Rude(says(answer(201, MADE))))
    return rude.url.replace("http:", "https:")


def silent_in_tls(opened: ExitStack) -> str:
    full = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
    return f"https://127.0.0.1:{full.getsockname()[1]}"


def full(opened: ExitStack) -> str:
    """A machine that takes no connection any more, and does not say so."""
    listening = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
    at = listening.getsockname()
    for _ in range(3):
        waiting = opened.enter_context(socket.socket())
        waiting.setblocking(False)  # noqa: FBT003  as the library has it
        waiting.connect_ex(at)
    return f"http://127.0.0.1:{at[1]}"


@pytest.mark.parametrize("at", [refusing, without_tls, silent_in_tls, full])
def test_without_a_connection_nothing_was_placed(
    at: Callable[[ExitStack], str],
) -> None:
    with ExitStack() as opened:
        built = dialer(at(opened))

        with pytest.raises(UnavailableError, match="could not be reached"):
            built.dial(CALL)


@pytest.mark.parametrize("status", [400, 401, 429, 500, 302])
def test_without_a_token_nothing_was_placed(status: int) -> None:
    with Rude(says(answer(201, MADE))) as rude:
        http = Http(rude.url, kept=False)
        client = NewVoiceMediaClient(http, tokens(status, status), "a")

        with pytest.raises(ConnectorError) as raised:
            NewVoiceMediaDialer(client).dial(CALL)

    assert isinstance(
        raised.value, (UnauthorizedError, UnavailableError, RateLimitedError)
    )
    assert rude.heard == []


def test_a_call_does_not_leave_when_its_token_took_too_long() -> None:
    with Rude(says(answer(201, MADE))) as rude:
        http = Http(rude.url, kept=False)
        client = NewVoiceMediaClient(http, tokens(), "a", patience=-1)

        with pytest.raises(UnavailableError, match="too late"):
            NewVoiceMediaDialer(client).dial(CALL)

    assert rude.heard == []


# ── not known ──────────────────────────────────────────────────────────────

HEAD: Final = answer(201, MADE)
LOST: Final[dict[str, Any]] = {
    "closed": closes,
    "reset": resets,
    "silence": hangs,
    "half a head": says(HEAD[:20]),
    "a head that trickles": trickles(HEAD[:5], HEAD[5:] * 9),
    "only 100 Continue": says(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "no HTTP": says(b"SSH-2.0-OpenSSH_9.6\r\n"),
    **{
        str(status): says(answer(status, PAGE, Content_Type="text/html"))
        for status in (200, 202, 204, 300, 301, 302, 303, 304, 408, 500, 502, 503, 504)
    },
    "a 500 that is cut": says(answer(500, PAGE, more=99)),
    "a 999": says(answer(999)),
}


@pytest.mark.parametrize("how", LOST)
def test_where_no_answer_says_otherwise_a_phone_may_ring_and_it_is_not_sent_again(
    how: str,
) -> None:
    with line(LOST[how]) as (dialer, rude), pytest.raises(OutcomeUnknownError):
        dialer.dial(CALL)

    assert len(rude.heard) == 1
