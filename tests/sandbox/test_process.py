"""The sandbox as a process of its own, as the demo starts it."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from connector.sandbox.server import Server
from tests.sandbox.test_salesforce.ear import TOKEN, Ear

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "connector.sandbox", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line: dict[str, str] = json.loads(process.stdout.readline())
    return line


def test_it_says_where_it_is_and_has_the_calls_it_was_asked_for(start: Start) -> None:
    process = start("--calls", "40", "--days", "3", "--no-limit", "--until-eof")
    line = announced(process)
    now = int(time.time())

    counts = [
        httpx.post(
            f"{line['callyzer']}/call-log/history",
            json={"synced_from": now - 4 * 86_400, "synced_to": now},
            headers={"authorization": f"Bearer {line['callyzer_token']}"},
            trust_env=False,
        ).json()["total_records"]
        for _ in range(2)
    ]

    assert counts == [40, 40]
    assert line["settings"]["CALLYZER_URL"] == line["callyzer"]
    assert line["settings"].keys() == {
        "CALLYZER_URL",
        "CALLYZER_TOKEN",
        "CALLYZER_WEBHOOK_SECRET",
        "CALLYZER_SECONDS_PER_REQUEST",
        "SALESFORCE_URL",
        "SALESFORCE_CLIENT_ID",
        "SALESFORCE_CLIENT_SECRET",
    }


def test_calls_arrive_while_it_serves(start: Start) -> None:
    line = announced(start("--calls", "0", "--no-limit", "--arrive", "0.01"))
    asked = {"synced_from": int(time.time()) - 60, "synced_to": int(time.time()) + 60}
    found = 0

    while not found:
        found = httpx.post(
            f"{line['callyzer']}/call-log/history",
            json=asked,
            headers={"authorization": f"Bearer {line['callyzer_token']}"},
            trust_env=False,
        ).json()["total_records"]

    assert found > 0


def test_it_ends_in_silence_when_its_stdin_does(start: Start) -> None:
    process = start("--calls", "1", "--until-eof", "--arrive", "60")
    announced(process)

    rest, errors = process.communicate(timeout=10)

    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_silence_when_it_is_told_to(
    start: Start, number: signal.Signals
) -> None:
    process = start("--calls", "1")
    announced(process)

    process.send_signal(number)
    rest, errors = process.communicate(timeout=10)

    assert (process.returncode, rest, errors) == (0, "", "")


def test_whoever_is_to_be_nudged_hears_of_a_press(start: Start) -> None:
    ear = Ear()
    with Server(ear.app) as connector:
        line = announced(start("--calls", "0", "--nudge", connector.url, TOKEN))
        at = f"{line['salesforce']}/sandbox"
        with httpx.Client(trust_env=False) as client:
            contact = client.get(f"{at}/records/Contact").json()[0]["Id"]
            task = client.post(f"{at}/record/{contact}/press").json()["task"]

            told = client.post(f"{at}/requests/{task}/nudge").json()

    assert told == {"heard": True}
    assert ear.heard.get_nowait().body == {"id": task}


def test_the_people_it_was_asked_for_are_in_the_crm_and_call(start: Start) -> None:
    line = announced(start("--calls", "100", "--people", "500", "--no-limit"))
    now = int(time.time())

    contacts = httpx.get(
        f"{line['salesforce']}/sandbox/records/Contact", trust_env=False
    ).json()
    calls = httpx.post(
        f"{line['callyzer']}/call-log/history",
        json={"synced_from": now - 8 * 86_400, "synced_to": now},
        headers={"authorization": f"Bearer {line['callyzer_token']}"},
        trust_env=False,
    ).json()["result"]

    names = {contact["Name"] for contact in contacts}
    assert len(contacts) > 500
    assert sum(call["client_name"] in names for call in calls) > 75
