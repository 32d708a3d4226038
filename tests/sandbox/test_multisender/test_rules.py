"""What the sandbox's Multisender refuses, and what it lets pass either way."""

import httpx
import pytest

from connector.sandbox.multisender import MultisenderSandbox
from tests.sandbox.test_multisender.given import (
    CLICK,
    PHONE,
    RSVP,
    RSVP_UPDATE,
    Clock,
    Json,
    without,
)

BODIES: dict[str, Json] = {
    "accounts": {},
    "accounts/filters": {},
    "groups": {"name": "VIP", "description": "Best"},
    "calls": {},
    "click_to_calls": CLICK,
    "emails": {},
    "login": {"email": "a", "password": "b"},
    "rsvp_calls": RSVP,
    "smses": {},
    "subusers": {},
    "voice_files/text_to_speech": {"name": "a", "text": "b", "voiceCode": "en"},
}
REQUIRED = {
    "accounts/filters": ["filters"],
    "groups": ["name", "description"],
    "click_to_calls": [
        *("activeFrom", "activeTo", "activeWeekdays", "voiceFileId"),
        *("actionButtons", "receivers"),
    ],
    "login": ["email", "password"],
    "rsvp_calls": [
        *("endTime", "activeFrom", "activeTo", "activeWeekdays", "voiceFiles"),
        *("actionButtons", "receivers", "acceptsWanted"),
    ],
    "voice_files/text_to_speech": ["name", "text", "voiceCode"],
}
MISSING = [(path, name) for path, names in REQUIRED.items() for name in names]
QUIET = {"stateWebhookUrl": None}
BUTTON = {"button": "5", "action": "accept"}
DAY = {"weekday": "monday", "active": "1"}
MOMENT = "must be a time in the format YYYY-MM-DD HH:MM:SS"
TIME = "must be a time in the format HH:MM:SS"
RECEIVER = "must have objects with one of accountId, groupId, phone"

WRONG: list[tuple[str, str, object, str]] = [
    ("accounts", "firstName", 7, "must be a string"),
    ("accounts", "yearOfBirth", "1980", "must be an integer"),
    ("accounts", "yearOfBirth", True, "must be an integer"),
    ("calls", "operations", "{", "must be a string of JSON"),
    ("calls", "operations", {}, "must be a string"),
    ("calls", "actionTime", "2026-11-20T08:00:00", MOMENT),
    ("calls", "receivers", [{"email": "a@b.c"}], RECEIVER),
    ("emails", "receivers", [{"phone": PHONE}], "must have objects with one of"),
    ("smses", "actionTime", "", MOMENT),
    ("groups", "name", ["x"], "must be a string"),
    ("voice_files/text_to_speech", "text", "a " * 81, "must have at most 80 words"),
    ("voice_files/text_to_speech", "voiceCode", "sv", "must be one of: en, fi"),
    ("click_to_calls", "expiresAt", "2026-02-30 10:00:00", MOMENT),
    ("click_to_calls", "expiresAt", "2026-2-3 10:00:00", MOMENT),
    ("click_to_calls", "activeFrom", "9:00", TIME),
    ("click_to_calls", "activeTo", "24:00:00", TIME),
    ("click_to_calls", "activeWeekdays", {}, "must be a filled array"),
    ("click_to_calls", "activeWeekdays", '[{"weekday": "monday"}]', "must be a filled"),
    ("click_to_calls", "activeWeekdays", [DAY, DAY], "must have each weekday once"),
    ("click_to_calls", "activeWeekdays", [{"weekday": "monday"}], "must have objects"),
    ("click_to_calls", "activeWeekdays", [DAY | {"weekday": "Mon"}], "weekday must be"),
    ("click_to_calls", "activeWeekdays", [DAY | {"active": "yes"}], "active must be"),
    ("click_to_calls", "activeWeekdays", [DAY | {"active": True}], "active must be"),
    ("click_to_calls", "voiceFileId", "one", "must be an id"),
    ("click_to_calls", "voiceFileId", 1.0, "must be an id"),
    ("click_to_calls", "actionButtons", [BUTTON | {"button": "10"}], "button must be"),
    ("click_to_calls", "actionButtons", [BUTTON | {"button": "*"}], "button must be"),
    ("click_to_calls", "actionButtons", [BUTTON | {"action": "no"}], "action must be"),
    ("click_to_calls", "actionButtons", [BUTTON, BUTTON], "must have each button once"),
    ("click_to_calls", "receivers", [PHONE], RECEIVER),
    ("click_to_calls", "receivers", [{}], RECEIVER),
    ("click_to_calls", "receivers", [{"phone": PHONE, "groupId": "1"}], RECEIVER),
    ("click_to_calls", "receivers", [{"phone": PHONE, "name": "x"}], RECEIVER),
    ("click_to_calls", "receivers", [{"phone": "0401234567"}], "phone must be a phone"),
    ("click_to_calls", "receivers", [{"phone": "+0123"}], "phone must be a phone"),
    ("click_to_calls", "receivers", [{"phone": 358401234567}], "phone must be a str"),
    ("click_to_calls", "receivers", [{"accountId": "x"}], "accountId must be an id"),
    ("click_to_calls", "maxRedials", "3", "must be an integer"),
    ("click_to_calls", "maxRedials", -1, "must be 0 or more"),
    ("click_to_calls", "receiverWebhookUrl", "example.com", "must be an http or"),
    ("click_to_calls", "receiverWebhookUrl", "ftp://a.example/", "must be an http or"),
    ("rsvp_calls", "state", "complete", "must be one of: active, halt"),
    ("rsvp_calls", "startTime", "07:00", MOMENT),
    ("rsvp_calls", "endTime", 1795000000, "must be a string"),
    ("rsvp_calls", "voiceFiles", [{"type": "x", "voiceFileId": "1"}], "type must be"),
    ("rsvp_calls", "voiceFiles", [{"type": "end"}], "must have objects of type and"),
    ("rsvp_calls", "acceptsWanted", 1.5, "must be an integer"),
    ("rsvp_calls", "stateWebhookUrl", 1, "must be a string"),
]


def refusal(answer: httpx.Response) -> str:
    assert answer.status_code == 400
    return str(answer.json()["message"])


@pytest.mark.parametrize("blank", ["left out", None, ""])
@pytest.mark.parametrize(("path", "name"), MISSING)
def test_a_required_field_that_is_missing_or_blank_is_refused(
    client: httpx.Client, path: str, name: str, blank: str | None
) -> None:
    body = without(BODIES[path], name)
    body |= {} if blank == "left out" else {name: blank}

    answer = client.post(f"/{path}", json=body)

    assert refusal(answer) == f"{name} is required"


@pytest.mark.parametrize(
    ("path", "name", "value", "message"),
    WRONG,
    ids=[f"{path}-{name}-{value!r:.40}" for path, name, value, _ in WRONG],
)
def test_a_value_that_can_not_be_is_refused_by_its_name(
    client: httpx.Client, path: str, name: str, value: object, message: str
) -> None:
    answer = client.post(f"/{path}", json=BODIES[path] | {name: value})

    assert refusal(answer).startswith(f"{name} {message}")


@pytest.mark.parametrize("name", ["updatedAt", "nonsense", "id"])
@pytest.mark.parametrize("path", BODIES)
def test_a_field_that_the_body_does_not_have_is_refused(
    client: httpx.Client, path: str, name: str
) -> None:
    filters = [{"field": "zip", "operator": "==", "value": "1"}]
    more = {"filters": filters} if path == "accounts/filters" else {}

    answer = client.post(f"/{path}", json=BODIES[path] | more | {name: "x"})

    assert refusal(answer) == f"{name} can not be set"


@pytest.mark.parametrize("path", ["click_to_calls", "rsvp_calls", "calls"])
def test_receivers_that_there_are_not_are_refused(
    client: httpx.Client, path: str
) -> None:
    for name, what in (("accountId", "accounts"), ("groupId", "groups")):
        body = BODIES[path] | {"receivers": [{name: "9"}]}

        answer = client.post(f"/{path}", json=body)

        assert refusal(answer) == f"There is no {what}/9"


@pytest.mark.parametrize("given", ["1", 1], ids=repr)
def test_an_id_may_be_a_string_or_a_number(client: httpx.Client, given: object) -> None:
    client.post("/accounts", json={"phone": PHONE})
    receivers = [{"accountId": given, "phone": ""}]

    made = client.post(
        "/click_to_calls", json=CLICK | {"voiceFileId": given, "receivers": receivers}
    ).json()

    assert made["voiceFileId"] == 1
    assert made["receivers"][0]["accountId"] == "1"


def test_buttons_and_weekdays_may_be_numbers_and_are_sent_as_strings(
    client: httpx.Client,
) -> None:
    made = client.post(
        "/click_to_calls",
        json=CLICK
        | {"actionButtons": [{"button": 0, "action": "accept"}]}
        | {"activeWeekdays": [{"weekday": "sunday", "active": 1}]},
    ).json()

    assert made["actionButtons"] == [{"button": "0", "action": "accept"}]
    assert made["activeWeekdays"] == [{"weekday": "sunday", "active": "1"}]


def test_eighty_words_are_not_too_many(client: httpx.Client) -> None:
    body = {"name": "a", "text": "word " * 80, "voiceCode": "fi"}

    assert client.post("/voice_files/text_to_speech", json=body).status_code == 201


@pytest.mark.parametrize(
    ("start", "status"), [("2026-11-20 05:30:00", 201), ("2026-11-20 05:29:59", 400)]
)
def test_a_start_more_than_an_hour_ago_is_not_allowed(
    client: httpx.Client, start: str, status: int
) -> None:
    made = client.post("/rsvp_calls", json=RSVP | QUIET | {"startTime": start})

    assert made.status_code == status
    if status == 400:
        expected = "startTime over 1h in the past is not allowed"
        assert made.json() == {"message": expected}


def test_an_update_may_not_begin_more_than_an_hour_ago_but_leave_the_start_alone(
    clock: Clock, client: httpx.Client
) -> None:
    client.post("/rsvp_calls", json=RSVP | QUIET)
    clock.advance(hours=3)
    update = RSVP_UPDATE | QUIET

    same = client.put("/rsvp_calls/1", json=update)
    alone = client.put("/rsvp_calls/1", json=without(update, "startTime"))

    assert refusal(same) == "startTime over 1h in the past is not allowed"
    assert (alone.status_code, alone.json()["startTime"]) == (200, RSVP["startTime"])


@pytest.mark.parametrize("name", [*REQUIRED["rsvp_calls"]])
def test_an_update_of_an_rsvp_call_requires_what_its_table_does(
    client: httpx.Client, name: str
) -> None:
    client.post("/rsvp_calls", json=RSVP)

    answer = client.put("/rsvp_calls/1", json=without(RSVP_UPDATE, name))

    if name == "receivers":
        assert answer.status_code == 200
    else:
        assert refusal(answer) == f"{name} is required"


def test_an_update_of_an_rsvp_call_takes_the_slip_of_its_example_and_no_receivers(
    client: httpx.Client,
) -> None:
    client.post("/rsvp_calls", json=RSVP)
    buttons = [{"button": "1", "action": "accept"}]
    slip = without(RSVP_UPDATE, "actionButtons", actionbuttons=buttons)

    taken = client.put("/rsvp_calls/1", json=slip)
    refused = client.put("/rsvp_calls/1", json=RSVP)

    assert taken.json()["actionButtons"] == buttons
    assert refusal(refused) == "receivers can not be set"


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_only_voice_files_that_are_ready_can_be_used(
    sandbox: MultisenderSandbox, client: httpx.Client, status: str
) -> None:
    sandbox.change("voice_files", 1, status=status)
    rule = "Only voice files with status ready can be used"

    for path, body in (("click_to_calls", CLICK), ("rsvp_calls", RSVP)):
        answer = client.post(f"/{path}", json=body)
        assert refusal(answer) == f"{rule}: voice_files/1 is {status}"


def test_a_voice_file_that_there_is_not_is_refused(client: httpx.Client) -> None:
    answer = client.post("/click_to_calls", json=CLICK | {"voiceFileId": 5})

    assert refusal(answer) == "There is no voice_files/5"
