"""Who the calls are with: clients, colleagues, a newcomer, or a whole population."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import httpx
import phonenumbers

from connector.sandbox.callyzer import CLIENTS, NEWCOMER, TEAM, CallyzerSandbox
from connector.sandbox.callyzer.callers import Callers
from connector.sandbox.callyzer.people import Client
from connector.sandbox.population import person
from connector.sandbox.server import Server

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
NOON = int(NOW.timestamp())
Call = dict[str, str]
COLLEAGUES = {employee.number for employee in TEAM}


def calls(sandbox: CallyzerSandbox) -> list[Call]:
    """Read every call of the last week."""
    body = {"synced_from": NOON - 7 * 86_400, "synced_to": NOON + 1}
    headers = {"authorization": f"Bearer {sandbox.token}"}
    with (
        Server(sandbox.app) as server,
        httpx.Client(headers=headers, trust_env=False) as client,
    ):
        url = f"{server.url}/api/v2.1/call-log/history"
        pages = [
            client.post(url, json={**body, "page_no": number}).json()["result"]
            for number in range(1, len(sandbox) // 100 + 2)
        ]
    return [call for page in pages for call in page]


def sandbox(*, people: int = 0) -> CallyzerSandbox:
    return CallyzerSandbox(seconds_per_request=0, now=lambda: NOW, people=people)


def chosen(count: int, *, people: int = 0) -> list[Client]:
    callers, rng = Callers(people=people), Random(3)  # noqa: S311 - repeatable
    return [callers.next(rng) for _ in range(count)]


def national(call: Call) -> str:
    return call["client_number"].removeprefix("0")


def test_now_and_then_an_employee_calls_a_colleague() -> None:
    account = sandbox()
    account.load(2_000)

    internal = [call for call in calls(account) if national(call) in COLLEAGUES]

    assert 15 < len(internal) < 75
    assert all(call["emp_number"] != national(call) for call in internal)
    assert {call["client_name"] for call in internal} <= {e.name for e in TEAM}


def test_the_newcomer_is_among_the_callers_of_any_day() -> None:
    account = sandbox()
    account.load(240)

    hers = [call for call in calls(account) if national(call) == NEWCOMER.number]

    assert len(hers) == 6
    assert {call["client_name"] for call in hers} == {NEWCOMER.name}
    assert len({call["id"] for call in hers}) == 6


def test_the_newcomers_number_exists_and_is_nobody_elses() -> None:
    number = phonenumbers.parse(f"+{NEWCOMER.country_code}{NEWCOMER.number}")

    assert phonenumbers.is_valid_number(number)
    assert NEWCOMER.number not in {client.number for client in CLIENTS} | COLLEAGUES


def test_without_a_population_the_calls_are_with_the_known_clients() -> None:
    numbers = {client.number for client in chosen(5_000)}

    clients = {client.number for client in CLIENTS}
    assert clients < numbers <= clients | COLLEAGUES | {NEWCOMER.number}


def test_with_a_population_nine_in_ten_calls_are_with_its_people() -> None:
    numbers = {number: i for i in range(5_000) for number in person(i).numbers}

    others = [c for c in chosen(4_000, people=5_000) if c.number not in COLLEAGUES]
    people = Counter(numbers[c.number] for c in others if c.number in numbers)

    assert 4_000 - len(others) < 140
    assert 0.88 < people.total() / len(others) < 0.92
    assert set(people.values()) == {1}


def test_people_of_a_population_have_their_names_and_strangers_none() -> None:
    names = {
        number: f"{who.first_name} {who.last_name}"
        for who in map(person, range(50))
        for number in who.numbers
    }

    others = [c for c in chosen(500, people=50) if c.number not in COLLEAGUES]

    assert all(c.name == names.get(c.number, "") for c in others)
    assert {bool(c.name) for c in others} == {True, False}


def test_everybody_of_a_population_calls_before_anybody_calls_again() -> None:
    numbers = {number: i for i in range(50) for number in person(i).numbers}

    people = Counter(
        numbers[c.number] for c in chosen(700, people=50) if c.number in numbers
    )

    assert len(people) == 50


def test_loaded_and_arriving_calls_are_with_the_population() -> None:
    account = sandbox(people=300)
    numbers = {number for i in range(300) for number in person(i).numbers}
    account.load(100)
    for _ in range(100):
        account.arrive(Random(5))  # noqa: S311 - repeatable

    with_people = [call for call in calls(account) if national(call) in numbers]

    assert len(with_people) > 80
