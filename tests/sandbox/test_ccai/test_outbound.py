"""Outbound calls are created and refused as the document says: by number, by ticket."""

import json
from dataclasses import replace

import httpx
import pytest

from connector.sandbox.ccai import CcaiSandbox
from tests.sandbox.test_ccai.document import (
    ADMIN,
    AGENT,
    ALLEN,
    OUTBOUND,
    OUTBOUND_ANSWER,
    OUTBOUND_BY_TICKET,
    OUTBOUND_BY_TICKET_ANSWER,
    Clock,
    Json,
    at,
)

PLAIN: Json = {
    "call_type": "Voice Outbound (API)",
    "agent_email": ALLEN,
    "end_user_number": "+1 205-123-4567",
    "lang": "en",
}
"""The request of most examples."""


def without(body: Json, *names: str) -> Json:
    return {name: value for name, value in body.items() if name not in names}


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 400
    assert set(answer.json()) == {"message"}
    return str(answer.json()["message"])


def test_a_call_to_a_number_is_answered_as_the_document_prints_it(
    sandbox: CcaiSandbox, clock: Clock, apps: httpx.Client
) -> None:
    clock.at = at("2019-06-07T01:27:30.406Z")
    sandbox.account.ids.pass_by("call", 396)
    sandbox.account.ids.pass_by("participant", 609)

    answer = apps.post("/calls", json=OUTBOUND)

    assert answer.status_code == 201
    at_once = {"assigned_at": OUTBOUND_ANSWER["created_at"]}
    assert answer.json() == OUTBOUND_ANSWER | at_once


def test_a_call_to_a_ticket_is_answered_as_the_document_prints_it(
    sandbox: CcaiSandbox, clock: Clock, apps: httpx.Client
) -> None:
    clock.at = at("2019-06-07T01:28:47.955Z")
    sandbox.account.ids.pass_by("call", 397)
    sandbox.account.ids.pass_by("participant", 611)

    answer = apps.post("/calls", json=OUTBOUND_BY_TICKET)

    assert answer.status_code == 201
    at_once = {"assigned_at": OUTBOUND_BY_TICKET_ANSWER["created_at"]}
    assert answer.json() == OUTBOUND_BY_TICKET_ANSWER | at_once


def test_a_ticket_goes_before_a_number(apps: httpx.Client) -> None:
    answer = apps.post("/calls", json=OUTBOUND | OUTBOUND_BY_TICKET).json()

    assert answer["out_ticket_id"] == "71450"
    assert answer["end_user"]["out_contact_id"] == "381630957514"


@pytest.mark.parametrize("call_type", ["Voice Outbound (API)", "OutboundCall"])
@pytest.mark.parametrize("name", ["call_type", "call_tye"])
def test_both_names_of_the_type_and_of_its_parameter_do(
    apps: httpx.Client, name: str, call_type: str
) -> None:
    body = without(OUTBOUND, "call_type") | {name: call_type}

    answer = apps.post("/calls", json=body)

    assert answer.json()["call_type"] == "Voice Outbound (API)"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (PLAIN | {"call_type": "InvalidCallType"}, "Invalid call type"),
        (
            {
                "call_type": "ScheduledCall",
                "agent_email": ALLEN,
                "outbound_number": "+1 760-410-8538",
                "end_user_number": "123123",
                "lang": "en",
            },
            "Invalid call type",
        ),
        (
            without(PLAIN, "end_user_number"),
            "ticket_id or end_user_number required",
        ),
        (PLAIN | {"agent_email": "nobody@somedomain.com"}, "Not a valid agent email"),
        (without(PLAIN, "agent_email"), "Agent email required"),
        (PLAIN | {"agent_email": ""}, "Agent email required"),
        (
            PLAIN | {"outbound_number": "+1 760-410-8538", "end_user_number": "123123"},
            "end_user_number is not well-formed",
        ),
        (
            {
                "call_type": "Voice Outbound (API)",
                "agent_email": ALLEN,
                "outbound_number": "+1 760-410-8538",
                "ticket_id": 1,
                "lang": "en",
            },
            "Contact not found",
        ),
        (PLAIN | {"lang": "xy"}, "Language 'xy' is not found"),
        (PLAIN | {"outbound_number": 5}, "outbound_number is not well formed"),
        (without(PLAIN, "call_type"), "Missing parameter"),
        ([], "Missing parameter"),
    ],
)
def test_a_wrong_request_is_refused_in_the_documents_words(
    sandbox: CcaiSandbox, apps: httpx.Client, body: object, message: str
) -> None:
    assert refused(apps.post("/calls", json=body)) == message
    assert len(sandbox) == 0


@pytest.mark.parametrize(
    ("available", "can_dial", "message"),
    [
        (False, True, "Agent is not available to take this call"),
        (True, False, "Agent does not have access to make calls"),
    ],
)
def test_an_agent_may_be_unable_to_take_the_call(
    sandbox: CcaiSandbox,
    apps: httpx.Client,
    *,
    available: bool,
    can_dial: bool,
    message: str,
) -> None:
    agent = sandbox.account.agents[ALLEN]
    sandbox.account.add_agent(replace(agent, available=available, can_dial=can_dial))

    assert refused(apps.post("/calls", json=PLAIN)) == message


def test_a_body_that_is_no_json_has_no_parameters(apps: httpx.Client) -> None:
    cut = apps.post(
        "/calls", content=b'{"call_', headers={"content-type": "application/json"}
    )
    text = apps.post(
        "/calls", content=json.dumps(PLAIN), headers={"content-type": "text/plain"}
    )

    assert refused(cut) == refused(text) == "Missing parameter"


def test_the_default_number_is_dialled_from_unless_another_of_the_account_is_named(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    sandbox.account.outbound_numbers = ("+1 339-219-5276", "+1 760-867-5309")
    named = {"outbound_number": "+1 (760) 867-5309"}
    foreign = {"outbound_number": "+1 760-410-8538"}

    answers = [
        apps.post("/calls", json=PLAIN | more).json()["outbound_number"]
        for more in ({}, named, foreign)
    ]

    assert answers == ["+1 339-219-5276", "+1 (760) 867-5309", "+1 339-219-5276"]


def test_without_a_default_the_agent_must_choose_the_number_first(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    sandbox.account.default_number = None
    body = PLAIN | {"agent_email": AGENT}

    accepted = apps.post("/calls", json=body)
    sandbox.moods.accepted = 200
    older = apps.post("/calls", json=body)

    assert (accepted.status_code, accepted.content) == (202, b"")
    assert (older.status_code, older.json()) == (200, body)
    assert len(sandbox) == 0


def test_an_agent_may_have_to_dial_to_tickets_only(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    sandbox.account.tickets_only = True

    number = apps.post("/calls", json=PLAIN)
    ticket = apps.post("/calls", json=OUTBOUND_BY_TICKET)

    assert (number.status_code, number.content) == (202, b"")
    assert ticket.status_code == 201


def test_what_is_created_is_in_the_list_of_calls(
    apps: httpx.Client, manager: httpx.Client
) -> None:
    created = apps.post("/calls", json=OUTBOUND).json()

    (listed,) = manager.get("/calls").json()

    assert created.items() <= listed.items()
    assert listed["agent_info"]["name"] == f"{ADMIN[:5].title()} UJET"
