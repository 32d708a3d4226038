"""What the document does not allow is not sent, and the guilty parameter is named."""

from typing import Any

import httpx
import pytest

from connector.errors import RefusedError
from connector.systems.multisender.operations import OPERATIONS
from connector.transport.operation import Param
from tests.systems.multisender.conftest import Line
from tests.systems.multisender.example import PHONE, TO_PHONE, Json
from tests.systems.multisender.examples_calls import CLICK, OUTLINE, RSVP, UPDATE
from tests.systems.multisender.examples_messages import (
    FILE,
    NAMED,
    NEW_EMAIL,
    NEW_SMS,
    SPOKEN,
)
from tests.systems.multisender.examples_people import FILTERS, NEW, USER, VIP

BODIES: dict[str, Json] = {
    "create_account": NEW,
    "create_account_filter": {"filters": FILTERS},
    "create_group": VIP,
    "create_call": OUTLINE,
    "create_click_to_call": CLICK,
    "create_rsvp_call": RSVP,
    "create_email": NEW_EMAIL,
    "create_sms": NEW_SMS,
    "create_subuser": USER,
    "create_spoken_voice_file": SPOKEN,
    "log_in": {"email": "a@b.example", "password": "guess"},
    "update_rsvp_call": {"rsvpCallId": "1", **UPDATE},
    "update_group": {"groupId": "1", **VIP},
    "update_voice_file": {"voiceFileId": "1", **NAMED},
    "add_group_accounts": {"groupId": "1", "accountIds": [{"accountId": "2"}]},
    "add_rsvp_call_receivers": {"rsvpCallId": "1", "receivers": TO_PHONE},
    "upload_voice_file": {"files": FILE},
    "delete_filtered_accounts": {"filterId": 1},
}
WHEN = ("activeFrom", "activeTo", "activeWeekdays")
OF_RSVP = (*WHEN, "endTime", "voiceFiles", "actionButtons", "acceptsWanted")
REQUIRED_BY: dict[str, tuple[str, ...]] = {
    "create_account_filter": ("filters",),
    "create_group": ("name", "description"),
    "create_click_to_call": (*WHEN, "voiceFileId", "actionButtons", "receivers"),
    "create_rsvp_call": (*OF_RSVP, "receivers"),
    "create_spoken_voice_file": ("name", "text", "voiceCode"),
    "log_in": ("email", "password"),
    "update_rsvp_call": ("rsvpCallId", *OF_RSVP),
    "update_group": ("groupId", "name", "description"),
    "update_voice_file": ("voiceFileId", "name", "description"),
    "add_group_accounts": ("groupId", "accountIds"),
    "add_rsvp_call_receivers": ("rsvpCallId", "receivers"),
    "upload_voice_file": ("files",),
    "delete_filtered_accounts": ("filterId",),
}
REQUIRED = [(name, each) for name, names in REQUIRED_BY.items() for each in names]
INSIDE = [
    ("create_account_filter", "filters[].field"),
    ("create_account_filter", "filters[].operator"),
    ("create_click_to_call", "activeWeekdays[].weekday"),
    ("create_click_to_call", "activeWeekdays[].active"),
    ("create_click_to_call", "actionButtons[].button"),
    ("create_click_to_call", "actionButtons[].action"),
    ("create_rsvp_call", "voiceFiles[].type"),
    ("create_rsvp_call", "voiceFiles[].voiceFileId"),
    ("add_group_accounts", "accountIds[].accountId"),
]
DAY = {"weekday": "monday", "active": "1"}
BUTTON = {"button": "5", "action": "accept"}
ONE = {"field": "zip", "operator": "==", "value": "1"}

WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("create_account", {"firstName": 7}, "firstName", "must be text"),
    ("create_account", {"yearOfBirth": "1980"}, "yearOfBirth", "must be integer"),
    ("create_account", {"updatedAt": "2026"}, "updatedAt", "has no parameter"),
    (
        "create_account_filter",
        {"filters": [ONE | {"field": "age"}]},
        "filters[].field",
        "must be one of",
    ),
    (
        "create_account_filter",
        {"filters": [ONE | {"operator": "="}]},
        "filters[].operator",
        "Allowed operators are ==, !=, >, <, >=, <=, in, contains",
    ),
    (
        "create_account_filter",
        {"filters": [{"field": "zip", "operator": "=="}]},
        "filters",
        "must have field, operator and value",
    ),
    (
        "create_account_filter",
        {"filters": [ONE | {"operator": "in"}]},
        "filters",
        "in-operator requires array value",
    ),
    (
        "create_account_filter",
        {"filters": [ONE | {"value": ["1"]}]},
        "filters",
        "in-operator requires array value",
    ),
    (
        "create_account_filter",
        {"filters": [{"field": "yearOfBirth", "operator": "contains", "value": "19"}]},
        "filters",
        "contains-operator only operates on string fields",
    ),
    (
        "create_account_filter",
        {"filters": [ONE | {"operator": "contains", "value": 1}]},
        "filters",
        "contains-operator only operates on string fields",
    ),
    ("create_call", {"operations": "{"}, "operations", "is not JSON"),
    ("create_call", {"operations": {"play": 1}}, "operations", "must be text"),
    ("create_call", {"actionTime": "2026-11-20T12:00:00"}, "actionTime", "YYYY-MM"),
    ("create_call", {"receivers": [{"email": "a@b.c"}]}, "receivers", "or phone"),
    ("create_call", {"receivers": [{}]}, "receivers", "at least one"),
    ("create_sms", {"receivers": [{"phone": ""}]}, "receivers", "at least one"),
    ("create_email", {"receivers": [{"phone": PHONE}]}, "receivers", "or email"),
    ("create_sms", {"actionTime": "2026-13-01 12:00:00"}, "actionTime", "YYYY-MM"),
    ("create_spoken_voice_file", {"text": "a " * 81}, "text", "length is 80 words"),
    ("create_click_to_call", {"expiresAt": "2026-2-3 10:00:00"}, "expiresAt", ""),
    ("create_click_to_call", {"activeFrom": "9:00"}, "activeFrom", "HH:MM:SS"),
    ("create_click_to_call", {"activeTo": "24:00:00"}, "activeTo", "HH:MM:SS"),
    (
        "create_click_to_call",
        {"activeWeekdays": [DAY | {"weekday": "Mon"}]},
        "activeWeekdays[].weekday",
        "must be one of monday",
    ),
    (
        "create_click_to_call",
        {"activeWeekdays": [DAY | {"active": 1}]},
        "activeWeekdays[].active",
        "must be text",
    ),
    (
        "create_click_to_call",
        {"activeWeekdays": [DAY, DAY]},
        "activeWeekdays",
        "a weekday is there twice",
    ),
    ("create_click_to_call", {"voiceFileId": "one"}, "voiceFileId", "must be integer"),
    (
        "create_click_to_call",
        {"actionButtons": [BUTTON | {"button": "10"}]},
        "actionButtons[].button",
        "Valid buttons: 0-9",
    ),
    (
        "create_click_to_call",
        {"actionButtons": [BUTTON | {"action": "no"}]},
        "actionButtons[].action",
        "Valid actions: accept and decline",
    ),
    (
        "create_click_to_call",
        {"actionButtons": [BUTTON, BUTTON]},
        "actionButtons",
        "a button is there twice",
    ),
    ("create_click_to_call", {"receivers": [PHONE]}, "receivers", "can have either"),
    ("create_click_to_call", {"receivers": [{}]}, "receivers", "can have either"),
    (
        "create_click_to_call",
        {"receivers": [{"phone": PHONE, "name": "Aino"}]},
        "receivers",
        "can have either",
    ),
    (
        "create_click_to_call",
        {"receivers": [{"phone": PHONE, "groupId": "1"}]},
        "receivers",
        "can have either accountId, groupId or phone",
    ),
    (
        "create_click_to_call",
        {"receivers": [{"phone": "0401234567"}]},
        "receivers[].phone",
        "E.164",
    ),
    ("create_click_to_call", {"maxRedials": -1}, "maxRedials", "at least 0"),
    (
        "create_click_to_call",
        {"receiverWebhookUrl": "example.com"},
        "receiverWebhookUrl",
        "is not a URL",
    ),
    ("create_click_to_call", {"meta": "x"}, "meta", "must be object"),
    ("create_rsvp_call", {"state": "complete"}, "state", "one of active, halt"),
    ("create_rsvp_call", {"startTime": "07:00"}, "startTime", "YYYY-MM-DD"),
    (
        "create_rsvp_call",
        {"voiceFiles": [{"type": "x", "voiceFileId": "1"}]},
        "voiceFiles[].type",
        "must be one of start, data",
    ),
    ("create_rsvp_call", {"acceptsWanted": 1.5}, "acceptsWanted", "must be integer"),
    ("create_rsvp_call", {"stateWebhookUrl": 1}, "stateWebhookUrl", "is not a URL"),
    ("create_rsvp_call", {"endTime": "2026-11-32 10:00:00"}, "endTime", "YYYY-MM-DD"),
    ("update_rsvp_call", {"receivers": TO_PHONE}, "receivers", "has no parameter"),
    ("update_rsvp_call", {"rsvpCallId": "../1"}, "rsvpCallId", ""),
    (
        "add_rsvp_call_receivers",
        {"receivers": [{"phone": "040"}]},
        "receivers[].phone",
        "E.164",
    ),
    ("upload_voice_file", {"files": "a.wav"}, "files", "must be file"),
    ("delete_filtered_accounts", {"filterId": "1"}, "filterId", "must be integer"),
]


def refusal(name: str, values: Json) -> RefusedError:
    line = Line(httpx.Response(200, json={}))
    with pytest.raises(RefusedError) as caught:
        line.client.ask(name, values, lambda answer: answer)
    assert line.sent == []
    return caught.value


@pytest.mark.parametrize("name", BODIES)
def test_the_documented_body_is_allowed(name: str) -> None:
    assert OPERATIONS[name].request(BODIES[name]).path


def test_nothing_else_is_required() -> None:
    for name, body in BODIES.items():
        needed = {k: v for k, v in body.items() if k in REQUIRED_BY.get(name, ())}
        assert OPERATIONS[name].request(needed).path


@pytest.mark.parametrize("blank", [None, ""])
@pytest.mark.parametrize(("name", "parameter"), REQUIRED)
def test_what_is_required_may_not_be_missing_or_blank(
    name: str, parameter: str, blank: str | None
) -> None:
    refused = refusal(name, {**BODIES[name], parameter: blank})

    assert refused.parameter == parameter
    assert refused.message == f"{parameter} is required"


@pytest.mark.parametrize(("name", "parameter"), INSIDE)
def test_what_is_required_in_each_of_a_list_may_not_be_missing(
    name: str, parameter: str
) -> None:
    around, _, inside = parameter.partition("[].")
    each = {k: v for k, v in BODIES[name][around][0].items() if k != inside}

    refused = refusal(name, {**BODIES[name], around: [each]})

    assert refused.parameter == parameter


@pytest.mark.parametrize(
    ("name", "change", "parameter", "words"),
    WRONG,
    ids=[
        f"{at}-{name}-{parameter}" for at, (name, _, parameter, _) in enumerate(WRONG)
    ],
)
def test_what_the_document_does_not_allow_is_refused_by_its_name(
    name: str, change: dict[str, Any], parameter: str, words: str
) -> None:
    refused = refusal(name, {**BODIES[name], **change})

    assert refused.parameter == parameter
    assert words in refused.message


def constrained(param: Param) -> bool:
    limits = (param.least, param.most)
    return bool(param.choices or param.fits or any(each is not None for each in limits))


def test_every_limit_of_a_parameter_and_every_rule_has_a_test() -> None:
    tested = {(name, parameter) for name, _, parameter, _ in WRONG}
    about = {parameter for _, parameter in tested}
    for name in BODIES:
        for param in OPERATIONS[name].params:
            if constrained(param) and param.place != "path":
                assert param.name in about, (name, param.name)
        for rule in OPERATIONS[name].rules:
            assert rule.name in about, (name, rule.name)


def test_eighty_words_are_not_too_many() -> None:
    spoken = {**SPOKEN, "text": "word " * 80}

    assert OPERATIONS["create_spoken_voice_file"].request(spoken).json == spoken
