"""Every end that a call can come to has its error, over real connections."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

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
from connector.model import Placed
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.systems.newvoicemedia.dialer import NewVoiceMediaDialer
from connector.transport.http import Http
from tests.systems.newvoicemedia.line import (
    AT,
    CALL,
    JSON,
    MADE,
    PAGE,
    SHORT,
    TEXT,
    dialer,
    line,
    tokens,
)
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
    ],
)
def test_a_201_says_that_it_was_placed_whatever_else_comes(
    play: Play, placed: Placed
) -> None:
    with line(play) as (dialer, rude):
        assert dialer.dial(CALL) == placed

    assert len(rude.heard) == 1


@pytest.mark.parametrize("head", [answer(201, more=900), b"HTTP/1.1 201 -\r\n\r\n"])
def test_a_201_says_that_it_was_placed_though_its_body_never_ends(head: bytes) -> None:
    with line(trickles(head, b" " * 900), SHORT) as (dialer, rude):
        assert dialer.dial(CALL) == Placed(id="")

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
    assert len(rude.heard) == 1


def test_a_refused_token_is_not_the_end_a_second_one_is() -> None:
    play = says(answer(401, b""))

    with line(play) as (dialer, rude):
        with pytest.raises(UnavailableError, match="a new token is asked for"):
            dialer.dial(CALL)
        with pytest.raises(UnauthorizedError):
            dialer.dial(CALL)

    assert len(rude.heard) == 2, "each was sent once"


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
        built = dialer(at(opened), SHORT)

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
SLOW: Final = ("silence", "a head that trickles")
LOST: Final[dict[str, Any]] = {
    "closed": closes,
    "reset": resets,
    "silence": hangs,
    "half a head": says(HEAD[:20]),
    "a head that trickles": trickles(HEAD[:5], HEAD[5:] * 90),
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
    waits = SHORT if how in SLOW else 30

    with line(LOST[how], waits) as (dialer, rude), pytest.raises(OutcomeUnknownError):
        dialer.dial(CALL)

    assert len(rude.heard) == 1
