"""Incoming and scheduled calls are created and refused as the document says."""

import httpx
import pytest

from connector.sandbox.ccai import CcaiSandbox, Menu
from tests.sandbox.test_ccai.document import (
    AGENT,
    EMAIL_MENU,
    INBOUND,
    INBOUND_ANSWER,
    INBOUND_BY_TICKET,
    INBOUND_BY_TICKET_ANSWER,
    MENU,
    SCHEDULED,
    SCHEDULED_ANSWER,
    Clock,
    Json,
    at,
)

BOTH = pytest.mark.parametrize("body", [INBOUND, SCHEDULED])


def without(body: Json, *names: str) -> Json:
    return {name: value for name, value in body.items() if name not in names}


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 400
    assert set(answer.json()) == {"message"}
    return str(answer.json()["message"])


def ready(sandbox: CcaiSandbox, call: int, participant: int) -> None:
    sandbox.account.ids.pass_by("call", call - 1)
    sandbox.account.ids.pass_by("participant", participant - 1)


def test_an_incoming_call_is_answered_as_the_document_prints_it(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    ready(sandbox, 515, 820)

    answer = apps.post("/calls", json=INBOUND)

    assert answer.status_code == 201
    at_once = {"queued_at": INBOUND_ANSWER["created_at"]}
    assert answer.json() == INBOUND_ANSWER | at_once


def test_an_incoming_call_about_a_ticket_is_answered_as_the_document_prints_it(
    sandbox: CcaiSandbox, clock: Clock, apps: httpx.Client
) -> None:
    clock.at = at("2019-09-10T05:12:26.000Z")
    ready(sandbox, 519, 826)

    answer = apps.post("/calls", json=INBOUND_BY_TICKET)

    assert answer.status_code == 201
    at_once = {"queued_at": INBOUND_BY_TICKET_ANSWER["created_at"]}
    assert answer.json() == INBOUND_BY_TICKET_ANSWER | at_once


def test_a_scheduled_call_is_answered_as_the_document_prints_it(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    ready(sandbox, 515, 820)

    answer = apps.post("/calls", json=SCHEDULED)

    assert (answer.status_code, answer.json()) == (201, SCHEDULED_ANSWER)


def test_a_scheduled_call_can_name_an_earlier_call_instead_of_a_menu(
    sandbox: CcaiSandbox, apps: httpx.Client, manager: httpx.Client
) -> None:
    ready(sandbox, 514, 819)
    apps.post("/calls", json=INBOUND)

    answer = apps.post("/calls", json=without(SCHEDULED, "menu_id") | {"call_id": 514})

    assert (answer.status_code, answer.json()) == (201, SCHEDULED_ANSWER)
    (listed,) = manager.get("/calls", params={"id[]": 515}).json()
    assert listed["parent_id"] == 514


def test_a_scheduled_call_is_listed_as_the_types_and_statuses_are_defined(
    apps: httpx.Client, manager: httpx.Client
) -> None:
    apps.post("/calls", json=SCHEDULED)

    (listed,) = manager.get("/calls").json()

    assert (listed["call_type"], listed["status"]) == (
        "Voice Scheduled (API)",
        "scheduled",
    )


@pytest.mark.parametrize(
    ("body", "deprecated"), [(INBOUND, "IncomingCall"), (SCHEDULED, "ScheduledCall")]
)
def test_the_deprecated_names_of_the_types_do(
    apps: httpx.Client, body: Json, deprecated: str
) -> None:
    assert apps.post("/calls", json=body | {"call_type": deprecated}).is_success


@BOTH
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("call_type", "InvalidCallType", "Invalid call type"),
        ("agent_email", AGENT, "Invalid call type"),
        ("menu_id", None, "menu_id is required"),
        ("menu_id", 9999, "menu_id 9999 is not found"),
        ("menu_id", "menu_999", "menu_id is not well formed"),
        ("menu_id", True, "menu_id is not well formed"),
        ("lang", "fr", "Language 'fr' is not available"),
        ("lang", "xy", "Language 'xy' is not found"),
        ("end_user_number", None, "end_user_number is required"),
        ("end_user_number", "+1 999-657-12", "end_user_number is not well formed"),
        ("end_user_number", "8596579625", "end_user_number is not well formed"),
        ("ticket_id", "nobody's", "Contact not found"),
        ("recording_permission", "yes", "recording_permission is not well formed"),
        ("recording_permission", [], "recording_permission is not well formed"),
    ],
)
def test_a_wrong_request_is_refused_in_the_documents_words(
    apps: httpx.Client, body: Json, name: str, value: object, message: str
) -> None:
    assert refused(apps.post("/calls", json=body | {name: value})) == message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("scheduled_at", None, "scheduled_at is required"),
        ("scheduled_at", "tomorrow", "scheduled_at is not well formed"),
        ("scheduled_at", "2019-09-15T00:19:14", "scheduled_at is not well formed"),
        ("scheduled_at", "2019-09-10T00:19:14Z", "scheduled_at is not in the future"),
        ("call_id", "514", "call_id is not well formed"),
        ("call_id", 514, "call_id 514 is not found"),
    ],
)
def test_a_wrong_schedule_is_refused(
    apps: httpx.Client, name: str, value: object, message: str
) -> None:
    assert refused(apps.post("/calls", json=SCHEDULED | {name: value})) == message


def test_an_earlier_call_without_a_menu_does_not_tell_one(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    sandbox.add({"id": 514})

    answer = apps.post("/calls", json=without(SCHEDULED, "menu_id") | {"call_id": 514})

    assert refused(answer) == "menu_id is required"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (INBOUND, "Only IVR and mobile menu IDs are permitted"),
        (SCHEDULED, "Only mobile and web menu IDs are permitted"),
    ],
)
def test_a_menu_of_another_kind_takes_no_calls(
    apps: httpx.Client, body: Json, message: str
) -> None:
    answer = apps.post("/calls", json=body | {"menu_id": EMAIL_MENU})

    assert refused(answer) == message


@BOTH
@pytest.mark.parametrize("kind", ["ivr", "mobile", "web"])
def test_every_kind_of_menu_that_some_sentence_allows_takes_calls(
    sandbox: CcaiSandbox, apps: httpx.Client, body: Json, kind: str
) -> None:
    sandbox.account.add_menu(Menu(id=MENU, name="Lock Star", kind=kind))

    answer = apps.post("/calls", json=body)

    assert answer.json()["selected_menu"]["menu_type"] == f"{kind}_menu"


@BOTH
@pytest.mark.parametrize(
    ("state", "message"),
    [
        (
            "manual redirection",
            "Menu is in 'manual redirection' state, can't accept calls",
        ),
        ("after hours", "Menu is in 'after hours' state, can't accept incoming calls"),
    ],
)
def test_a_closed_menu_takes_no_calls(
    sandbox: CcaiSandbox, apps: httpx.Client, body: Json, state: str, message: str
) -> None:
    sandbox.account.add_menu(Menu(id=MENU, name="Lock Star", state=state))

    assert refused(apps.post("/calls", json=body)) == message


def test_a_language_of_the_account_can_be_asked_for(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    sandbox.account.languages = ("en", "fr-CA")

    answer = apps.post("/calls", json=INBOUND | {"lang": "fr-CA"})

    assert answer.json()["lang"] == "fr-CA"


def test_a_caller_whom_nobody_knows_is_met_and_met_again(apps: httpx.Client) -> None:
    body = INBOUND | {"end_user_number": "+1 646-555-0100"}

    first, second = (apps.post("/calls", json=body).json() for _ in range(2))

    assert first["end_user"] == second["end_user"]
    assert first["end_user"]["out_contact_id"] is None


def test_a_caller_is_known_to_the_crm_from_the_moment_that_it_knows_them(
    sandbox: CcaiSandbox, apps: httpx.Client
) -> None:
    number = "+1 646-555-0100"
    body = INBOUND | {"end_user_number": "+16465550100"}
    first = apps.post("/calls", json=body).json()["end_user"]

    sandbox.account.add_ticket("5001", number=number, contact="003000000000001")
    second = apps.post("/calls", json=body).json()["end_user"]

    assert second == first | {"out_contact_id": "003000000000001"}
