"""NewVoiceMedia has no stream: its client is let in, refused and troubled instead.

What it asks for rings a phone. So nothing is asked twice: where no answer tells, the
outcome is unknown, and that is said.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Final

import pytest

from connector.errors import (
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.sandbox.faults import Fault
from connector.sandbox.newvoicemedia import NewVoiceMediaSandbox, rules
from connector.sandbox.server import Server
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.testing import ManualClock
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens
from tests.systems.standard.troubles import TROUBLES

CALL: Final = {"from": {"agentId": "1234"}, "to": {"telephoneNumber": "02072068888"}}
CALLS: Final = r"/calls/$"
TOKEN: Final = r"/Auth/connect/token$"  # noqa: S105  a path
REFUSALS: Final = (
    *(rules.CCXML_DISABLED, rules.CALLER_BUSY, rules.CALLED_BUSY),
    *(rules.CALLED_UNKNOWN, rules.CALLER_UNKNOWN, rules.NUMBER_INVALID),
    rules.CALL_FAILED,
)
SAYS_SO: Final = ("a reset half way",)
"""Of these the head came, and said that it was placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The two ends of the line."""

    sandbox: NewVoiceMediaSandbox
    http: Http
    clock: ManualClock

    def client(self, secret: str | None = None) -> NewVoiceMediaClient:
        """Come with a secret, by default with the right one."""
        credentials = Credentials(
            client_id=self.sandbox.client_id,
            client_secret=secret or self.sandbox.client_secret,
        )
        tokens = Tokens(
            http=self.http,
            path="/Auth/connect/token",
            credentials=credentials,
            clock=self.clock,
        )
        return NewVoiceMediaClient(self.http, tokens, self.sandbox.account_key)

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        wanted = path.removesuffix("$")
        counted = self.sandbox.faults.counts.items()
        return sum(times for (_, at), times in counted if at.endswith(wanted))


@pytest.fixture
def line() -> Iterator[Desk]:
    clock = ManualClock()
    sandbox = NewVoiceMediaSandbox(examples=True, now=clock.now)
    with Server(sandbox.app) as server:
        http = Http(server.url, kept=False)
        yield Desk(sandbox=sandbox, http=http, clock=clock)
        http.close()


@pytest.fixture(params=TROUBLES, scope="session")
def trouble(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# ── let in ─────────────────────────────────────────────────────────────────


def test_a_wrong_secret_is_told_and_no_call_is_asked_for(line: Desk) -> None:
    with pytest.raises(UnauthorizedError):
        line.client("wrong").create_call(CALL)

    # Once with the secret in the form, and once by Basic.
    assert (line.asked(TOKEN), line.asked(CALLS)) == (2, 0)


def test_a_token_that_expired_is_renewed_and_the_call_placed_once(line: Desk) -> None:
    client = line.client()
    client.create_call(CALL)
    line.sandbox.expire_tokens()

    with pytest.raises(UnavailableError):
        client.create_call(CALL)
    client.create_call(CALL)

    assert line.asked(TOKEN) == 2
    assert len(line.sandbox.dials) == 2


def test_a_new_token_that_is_refused_too_is_told_and_the_next_call_goes_through(
    line: Desk,
) -> None:
    client = line.client()
    line.sandbox.faults.add(Fault(CALLS, status=401, times=2, body="{}"))

    with pytest.raises(UnavailableError):
        client.create_call(CALL)
    with pytest.raises(UnauthorizedError):
        client.create_call(CALL)

    assert not line.sandbox.dials
    client.create_call(CALL)
    assert len(line.sandbox.dials) == 1


# ── refused ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", REFUSALS)
def test_a_documented_refusal_is_told_in_its_words(line: Desk, words: str) -> None:
    line.sandbox.moods.refusals.append(words)

    with pytest.raises(RefusedError, match=words) as raised:
        line.client().create_call(CALL)

    assert raised.value.status == 400
    assert not line.sandbox.dials


@pytest.mark.parametrize("path", [TOKEN, CALLS])
@pytest.mark.parametrize("told", [7, None])
def test_a_429_is_told_with_its_wait_and_nothing_is_placed(
    line: Desk, path: str, told: int | None
) -> None:
    headers = {} if told is None else {"Retry-After": str(told)}
    line.sandbox.faults.add(Fault(path, status=429, headers=headers, body=""))

    with pytest.raises(RateLimitedError) as raised:
        line.client().create_call(CALL)

    assert raised.value.retry_after == told
    assert not line.sandbox.dials
    line.client().create_call(CALL)
    assert len(line.sandbox.dials) == 1


# ── trouble ────────────────────────────────────────────────────────────────


def test_trouble_with_a_token_places_nothing_and_may_be_tried_again(
    line: Desk, trouble: str
) -> None:
    client = line.client()
    line.sandbox.faults.add(replace(TROUBLES[trouble], path=TOKEN))

    with pytest.raises(UnavailableError):
        client.create_call(CALL)

    assert not line.sandbox.dials
    client.create_call(CALL)
    assert len(line.sandbox.dials) == 1


def test_trouble_with_a_call_leaves_its_outcome_unknown_and_it_is_not_sent_again(
    line: Desk, trouble: str
) -> None:
    line.sandbox.faults.add(replace(TROUBLES[trouble], path=CALLS, times=-1))
    told = trouble in SAYS_SO

    with nullcontext() if told else pytest.raises(OutcomeUnknownError):
        assert line.client().create_call(CALL).location

    assert line.asked(CALLS) == 1
