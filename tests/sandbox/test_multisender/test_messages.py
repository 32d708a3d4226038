"""Calls, emails and smses before and after their time; meta."""

import httpx

from connector.sandbox.multisender import MultisenderSandbox
from tests.sandbox.test_multisender.given import (
    CLICK,
    LOCAL,
    META,
    PHONE,
    Clock,
)

LATER = "2026-11-20 12:00:00"
SMS = {"message": "Hello", "actionTime": LATER, "receivers": [{"phone": PHONE}]}


def test_a_message_without_a_time_goes_out_now_and_is_not_editable(
    clock: Clock, client: httpx.Client
) -> None:
    client.post("/smses", json={})
    client.post("/smses", json=SMS)
    clock.advance(hours=12)

    first, second = client.get("/smses").json()

    assert (first["actionTime"], first["editable"]) == (LOCAL, "n")
    assert (second["actionTime"], second["editable"]) == (LATER, "n")
    late = client.put("/smses/2", json={"message": "Bye"})
    assert late.status_code == 400
    assert late.json() == {"message": "smses/2 is not editable any more"}


def test_the_receivers_of_a_message_are_replaced_by_an_update(
    client: httpx.Client,
) -> None:
    client.post("/smses", json=SMS)
    two = [{"phone": PHONE}, {"phone": "+358409999999"}]

    changed = client.put("/smses/1", json={"receivers": two}).json()

    assert [one["accountId"] for one in changed["receivers"]] == ["1", "2"]
    assert [one["receiverId"] for one in changed["receivers"]] == ["1", "2"]
    assert changed["priceEstimateInCents"] == 14.0


def test_meta_is_kept_as_it_is(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    deep = META | {"list": [1, None, {"ä": True}]}

    made = client.post("/click_to_calls", json=CLICK | {"meta": deep}).json()

    assert made["meta"] == deep
    assert sandbox.records("click_to_calls")[0]["meta"] == deep
