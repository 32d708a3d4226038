"""What a mapping can say is what NewVoiceMedia is asked."""

import json

import pytest

from connector.errors import RefusedError
from connector.model import Call
from connector.sandbox.newvoicemedia import rules
from connector.systems.newvoicemedia.dialer import (
    PARAMETERS,
    NewVoiceMediaDialer,
    objection,
)
from connector.systems.newvoicemedia.operations import CREATE_CALL
from tests.systems.newvoicemedia.conftest import Desk
from tests.systems.newvoicemedia.line import CALL, MADE, line
from tests.transport.rude import answer, says

# ── what is asked ──────────────────────────────────────────────────────────


def test_what_a_mapping_says_is_sent_nested_as_the_document_has_it() -> None:
    call: Call = {
        "from.groups": ("030", "200"),
        "from.presentedCLID": "08008888888",
        "to.telephoneNumber": "02072068888",
        "to.consent": "OneParty",
        "regarding.reference": "0012400000ATTUQ",
        "application": "connector",
    }

    with line(says(answer(201, MADE))) as (dialer, rude):
        dialer.dial(call)

    head, _, body = rude.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v0/a1b2c3d4e5/calls/ HTTP/1.1\r\n")
    assert json.loads(body) == {
        "from": {"groups": ["030", "200"], "presentedCLID": "08008888888"},
        "to": {"telephoneNumber": "02072068888", "consent": "OneParty"},
        "regarding": {"reference": "0012400000ATTUQ"},
        "application": "connector",
    }


def test_the_sandbox_places_what_a_mapping_says(desk: Desk) -> None:
    placed = NewVoiceMediaDialer(desk.client).dial(CALL)

    (dial,) = desk.sandbox.dials
    assert (dial.id, dial.agent, dial.number) == (placed.id, "1234", "02072068888")
    assert placed.location.endswith(dial.location_id)


@pytest.mark.parametrize("blank", ["from.groups", "to.consent", "to.agentId"])
def test_what_is_blank_is_not_asked(desk: Desk, blank: str) -> None:
    empty = () if blank == "from.groups" else ""

    placed = NewVoiceMediaDialer(desk.client).dial({**CALL, blank: empty})

    assert [dial.id for dial in desk.sandbox.dials] == [placed.id]


@pytest.mark.parametrize("name", ["accountKey", "from", "from.colour", "", "to."])
def test_what_is_no_parameter_is_refused_before_it_is_sent(
    desk: Desk, name: str
) -> None:
    with pytest.raises(RefusedError, match="NewVoiceMedia takes no") as refused:
        NewVoiceMediaDialer(desk.client).dial({**CALL, name: "x"})

    assert (refused.value.parameter, refused.value.status) == (name, None)
    assert not desk.sandbox.dials


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"from.agentId": ""}, "Agent Id must be specified"),
        ({"from.agentId": "1" * 12}, "Agent Id exceeds 11 digits"),
        ({"from.agentId": "x"}, "Agent Id must contain digits only"),
        ({"to.telephoneNumber": "1" * 31}, "Telephone number exceeds 30 characters"),
        ({"to.telephoneNumber": ""}, "Either telephone number or agent id required"),
        (
            {"to.agentId": "4567"},
            "Either telephone number or agent id required, not both",
        ),
        ({"regarding.reference": "r" * 2001}, "Reference exceeded 2000 characters"),
        ({"regarding.reference": "a b"}, "Reference contained invalid characters"),
        ({"application": "a" * 33}, "Application exceeded 32 characters"),
        ({"application": "a-b"}, "Application contains non-alphanumeric characters"),
    ],
)
def test_what_the_document_refuses_is_refused_in_its_words_and_not_sent(
    desk: Desk, change: Call, words: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        NewVoiceMediaDialer(desk.client).dial({**CALL, **change})

    assert refused.value.message == words
    assert not desk.sandbox.faults.counts


def test_a_mapping_can_say_all_that_the_operation_takes() -> None:
    takes = {p.name for p in CREATE_CALL.params if p.place == "body"} - {
        *("from", "to", "regarding")
    }

    assert {parameter.name for parameter in PARAMETERS} == takes


def test_a_parameter_has_the_documents_limits() -> None:
    of = {parameter.name: parameter for parameter in PARAMETERS}

    assert {name: each.longest for name, each in of.items() if each.longest} == {
        name: text.most
        for name, (_, text) in rules.TEXTS.items()
        if not name.endswith("consent")
    }
    assert of["to.consent"].choices == ("Unknown", "OneParty", "TwoParty")
    assert [name for name, each in of.items() if each.kind == "list"] == ["from.groups"]
    assert [name for name, each in of.items() if each.kind == "phone"] == [
        "to.telephoneNumber"
    ]
    assert all(each.meaning for each in PARAMETERS)


def test_what_the_document_has_against_a_call_is_known_before_it_is_sent() -> None:
    assert objection(CALL) is None
    assert objection({**CALL, "from.agentId": "abc"}) == (
        *("from.agentId", "Agent Id must contain digits only"),
    )
