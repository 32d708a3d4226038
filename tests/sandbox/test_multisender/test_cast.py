"""Made-up calls to the shared cast, and the sandbox as other processes see it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import httpx
import pytest

from connector.sandbox.callyzer.people import CLIENTS, NEWCOMER, TEAM
from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_multisender.given import CLICK, NOW, PHONE, Clock, Json

CAST = {f"+{one.country_code}{one.number}" for one in (*CLIENTS, NEWCOMER)}


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - repeatable, not secret


def loaded(
    count: int, *, seed: int = 1, days: float = 7, people: int = 0
) -> MultisenderSandbox:
    sandbox = MultisenderSandbox(now=Clock(), people=people)
    sandbox.load(count, seed=seed, days=days)
    return sandbox


def calls(sandbox: MultisenderSandbox) -> list[Json]:
    return sandbox.records("click_to_calls") + sandbox.records("rsvp_calls")


def receivers(sandbox: MultisenderSandbox) -> list[Json]:
    return [one for call in calls(sandbox) for one in call["receivers"]]


def test_loaded_calls_are_the_same_for_the_same_seed() -> None:
    one, two, other = calls(loaded(30)), calls(loaded(30)), calls(loaded(30, seed=2))

    assert one == two
    assert one != other
    assert len(one) == 30


def test_loaded_calls_are_to_the_cast_and_have_every_kind_of_outcome() -> None:
    sandbox = loaded(300)

    people = receivers(sandbox)

    assert {one["phone"] for one in people} == CAST
    replies = {one.get("reply", one.get("rsvpReply")) for one in people}
    assert replies == {"accept", "decline", "noAnswer"}
    assert {one["answered"] for one in people} == {0, 1}
    assert {call["state"] for call in sandbox.records("rsvp_calls")} == {
        "active",
        "complete",
    }
    assert 150 < len(sandbox.records("click_to_calls")) < 270


def test_loaded_outcomes_fit_together() -> None:
    for one in receivers(loaded(200, days=0.1)):
        assert (one["callDuration"] > 0) == bool(one["answered"])
        assert (one["latestCallAt"] is not None) == (one["dialledCalls"] > 0)
        assert one["dialledCalls"] <= 4
        assert (
            one["latestCallAt"] is None or one["latestCallAt"] <= "2026-11-20 08:30:00"
        )


def test_loaded_click_to_calls_end_with_the_first_who_accepts() -> None:
    for call in loaded(200).records("click_to_calls"):
        replies = [one["reply"] for one in call["receivers"]]
        assert "accept" not in replies[:-1] or all(
            one["dialledCalls"] == 0
            for one in call["receivers"][replies.index("accept") + 1 :]
        )


def test_loaded_calls_are_spread_over_the_working_hours_of_the_days_before() -> None:
    made = [call["createdAt"] for call in calls(loaded(300))]

    assert str(NOW.date() - timedelta(days=8)) < min(made) < max(made)
    assert max(made) <= "2026-11-20 08:30:00"
    assert sum("09" <= at[11:13] < "18" for at in made) > 250


def test_the_team_are_subusers_and_the_cast_is_loaded_once() -> None:
    sandbox = loaded(100)
    sandbox.load(100, seed=2, days=1)

    users = [user["email"] for user in sandbox.records("subusers")]
    phones = [account["phone"] for account in sandbox.records("accounts")]

    assert users == [employee.email for employee in TEAM]
    assert len(phones) == len(set(phones))
    assert len(sandbox.records("voice_files")) == 1
    assert len(calls(sandbox)) == 200


def test_calls_may_be_to_a_population() -> None:
    phones = {one["phone"] for one in receivers(loaded(100, people=10_000))}

    assert len(phones) > 150
    assert not phones & CAST


def test_arrivals_bring_new_calls_and_new_outcomes() -> None:
    sandbox = loaded(200)
    before = {(c.get("clickToCallId"), c.get("rsvpCallId")): c for c in calls(sandbox)}

    rng = seeded(3)
    paths = [sandbox.arrive(rng) for _ in range(40)]

    now = {(c.get("clickToCallId"), c.get("rsvpCallId")): c for c in calls(sandbox)}
    assert len(now) > len(before)
    assert any(now[key] != call for key, call in before.items())
    assert {path.split("/")[0] for path in paths} == {"click_to_calls", "rsvp_calls"}


def test_arrivals_in_an_empty_sandbox_begin_with_a_call() -> None:
    sandbox = MultisenderSandbox(now=Clock())

    assert sandbox.arrive(seeded(1)) == "click_to_calls/1"


def test_a_call_that_a_customer_made_gets_an_outcome_by_arrivals(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    quiet = CLICK | {"receiverWebhookUrl": None, "maxRedials": 0}
    client.post("/click_to_calls", json=quiet)

    rng = seeded(1)
    paths = [sandbox.arrive(rng) for _ in range(20)]

    [receiver] = client.get("/click_to_calls/1").json()["receivers"]
    assert paths.count("click_to_calls/1") == receiver["dialledCalls"] == 1


def test_nobody_is_called_by_arrivals_after_the_end(
    sandbox: MultisenderSandbox, clock: Clock, client: httpx.Client
) -> None:
    client.post("/click_to_calls", json=CLICK | {"receiverWebhookUrl": None})
    clock.advance(days=2)

    rng = seeded(1)
    paths = [sandbox.arrive(rng) for _ in range(20)]

    assert "click_to_calls/1" not in paths


def test_nobody_is_called_by_arrivals_for_a_call_that_was_deleted(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    client.post("/click_to_calls", json=CLICK)
    client.delete("/click_to_calls/1")

    rng = seeded(1)
    paths = [sandbox.arrive(rng) for _ in range(20)]

    assert "click_to_calls/1" not in paths


def test_threads_can_change_the_sandbox_while_it_is_asked(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    def add(_: int) -> str:
        return str(sandbox.add("accounts")["accountId"])

    with ThreadPoolExecutor(4) as threads:
        by_hand = threads.map(add, range(50))
        asked = [client.post("/accounts", json={}).json() for _ in range(50)]

    ids = [*by_hand, *(account["accountId"] for account in asked)]
    assert sorted(ids, key=int) == [str(at) for at in range(1, 101)]


# ── from other processes ───────────────────────────────────────────────────


@pytest.fixture
def by_hand(sandbox: MultisenderSandbox) -> Iterator[httpx.Client]:
    with (
        Server(sandbox.app) as server,
        httpx.Client(base_url=f"{server.url}/sandbox", trust_env=False) as client,
    ):
        yield client


def test_another_process_adds_lists_changes_and_removes_records(
    by_hand: httpx.Client,
) -> None:
    added = by_hand.post("/records/accounts", json={"phone": PHONE})
    listed = by_hand.get("/records/accounts").json()
    changed = by_hand.patch("/records/accounts/1", json={"firstName": "Aino"})
    removed = by_hand.delete("/records/accounts/1")

    assert listed == [added.json()]
    assert changed.json() == added.json() | {"firstName": "Aino"}
    assert removed.status_code == 204
    assert by_hand.get("/records/accounts").json() == []
    wanted = [{"field": "zip", "operator": "==", "value": "1"}]
    by_hand.post("/records/accounts/filters", json={"filters": wanted})
    assert by_hand.delete("/records/accounts/filters/1").status_code == 204


def test_another_process_rings_and_sees_the_webhooks(
    by_hand: httpx.Client, sandbox: MultisenderSandbox, hook: str
) -> None:
    by_hand.post("/records/click_to_calls", json=CLICK | {"receiverWebhookUrl": hook})
    result = {"accountId": "1", "reply": "accept", "seconds": 5}

    rung = by_hand.post("/rings/click_to_calls/1", json=result)
    sandbox.deliveries()
    [delivery] = by_hand.get("/webhooks").json()

    assert rung.status_code == 204
    assert (delivery["url"], delivery["status"], delivery["problem"]) == (hook, 204, "")
    assert delivery["body"]["rsvpReply"] == "accept"


def test_another_process_lets_something_arrive(by_hand: httpx.Client) -> None:
    assert by_hand.post("/arrivals").json() == {"path": "click_to_calls/1"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/records/nothing", {}),
        ("POST", "/records/groups", {"name": "a"}),
        ("PATCH", "/records/accounts/1", {"firstName": "a"}),
        ("PATCH", "/records/voice_files/1", {"nothing": "a"}),
        ("POST", "/rings/calls/1", {"accountId": 1}),
        ("POST", "/rings/click_to_calls/1", {}),
        ("POST", "/rings/click_to_calls/1", {"accountId": 1, "more": 1}),
    ],
)
def test_another_process_is_told_what_can_not_be_done(
    by_hand: httpx.Client, method: str, path: str, body: Json
) -> None:
    answer = by_hand.request(method, path, json=body)

    assert answer.status_code == 400
    assert answer.json()["message"]
