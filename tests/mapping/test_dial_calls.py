"""A file that dials is measured by the dialer's own rules, before there is a record."""

from dataclasses import replace

import pytest

from connector.mapping.load import World
from connector.systems.newvoicemedia import dialer
from tests.mapping.loading import faults_of, load_dial

AGENT = "from.agentId: {from: Owner.Call_Agent_Id__c}"
NUMBER = "to.telephoneNumber: {first: [Call_Number__c, Who.Phone, Who.MobilePhone], as: phone}"
WHO = "application: {value: connector}"


@pytest.fixture
def strict(world: World) -> World:
    """The world with a dialer that says what it would refuse."""
    return replace(
        world,
        dialers={"newvoicemedia": dialer.PARAMETERS},
        objections={"newvoicemedia": dialer.objection},
    )


def test_a_file_of_which_calls_can_be_placed_is_good(dials: str, strict: World) -> None:
    assert load_dial(dials, "x.yaml", strict).call


WRONG: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "nobody calls": (
        f"  {AGENT}\n",
        "",
        ("x.yaml:7:1: no call could be placed: Agent Id must be specified",),
    ),
    "nobody is called": (
        f"  {NUMBER}\n",
        "",
        (
            (
                "x.yaml:7:1: no call could be placed: Either telephone number or agent id"
                " required"
            ),
        ),
    ),
    "nobody calls nobody": (
        f"  {AGENT}\n  {NUMBER}\n",
        "",
        (
            "x.yaml:7:1: no call could be placed: Agent Id must be specified",
            (
                "x.yaml:7:1: no call could be placed: Either telephone number or agent id"
                " required"
            ),
        ),
    ),
    "the called side is an empty constant": (
        NUMBER,
        'to.telephoneNumber: {value: ""}',
        (
            (
                "x.yaml:7:1: no call could be placed: Either telephone number or agent id"
                " required"
            ),
        ),
    ),
    "consent of one side": (
        WHO,
        "from.consent: {value: OneParty}",
        (
            (
                "x.yaml:12:3: no call could be placed: consent must be given for both sides"
                " or for neither from an agent to a number, for neither between agents, and"
                " for no more than the called side from a group"
            ),
        ),
    ),
    "consent of one side, of some records": (
        WHO,
        "to.consent: {from: Consent__c}",
        (
            (
                "x.yaml:12:3: no call could be placed: consent must be given for both sides"
                " or for neither from an agent to a number, for neither between agents, and"
                " for no more than the called side from a group"
            ),
        ),
    ),
    "an agent and groups": (
        AGENT,
        "from.agentId: {value: 7}\n  from.groups: {value: Sales}",
        (
            (
                "x.yaml:9:3: no call could be placed: an agent can call, or groups, not"
                " both"
            ),
        ),
    ),
    "groups beside an agent who is always there": (
        AGENT,
        "from.agentId: {value: 7}\n  from.groups: {from: Groups__c}",
        (
            (
                "x.yaml:10:3: no call could be placed: an agent can call, or groups, not"
                " both"
            ),
        ),
    ),
    "letters that are none": (
        "{value: connector}",
        "{value: call-connector}",
        (
            (
                "x.yaml:12:24: application: Application contains non-alphanumeric"
                " characters"
            ),
        ),
    ),
    "an agent in letters": (
        "{from: Owner.Call_Agent_Id__c}",
        "{value: abc}",
        ("x.yaml:9:25: from.agentId: Agent Id must contain digits only",),
    ),
    "a map to what is refused": (
        "{from: Owner.Call_Agent_Id__c}",
        "{from: X__c, map: {a: 12, b: x1}, default: none}",
        (
            "x.yaml:9:46: from.agentId: Agent Id must contain digits only",
            "x.yaml:9:60: from.agentId: Agent Id must contain digits only",
        ),
    ),
    "yes or no": (
        "{value: connector}",
        "{value: true}",
        ("x.yaml:12:24: application: true is no text (put it in quotes, if it is)",),
    ),
    "a day": (
        "{value: connector}",
        "{value: 2026-11-21}",
        (
            (
                "x.yaml:12:24: application: 2026-11-21 is no text (put it in quotes, if it"
                " is)"
            ),
        ),
    ),
    "a number that is none": (
        NUMBER,
        "to.telephoneNumber: {value: '12', as: phone}",
        (
            (
                "x.yaml:10:31: to.telephoneNumber: '12' is not a phone number that can be"
                " called"
            ),
        ),
    ),
}


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG.values(), ids=WRONG)
def test_what_no_call_could_have_is_told_in_the_vendors_words(
    right: str, wrong: str, told: tuple[str, ...], dials: str, strict: World
) -> None:
    assert right in dials

    faults = faults_of(dials.replace(right, wrong), strict)

    assert tuple(map(str, faults)) == tuple(dict.fromkeys(told))


GOOD: dict[str, tuple[str, str]] = {
    "an agent, or groups, as the record has it": (
        AGENT,
        f"{AGENT}\n  from.groups: {{from: Groups__c}}",
    ),
    "a number, or an agent": (NUMBER, f"{NUMBER}\n  to.agentId: {{from: Agent__c}}"),
    "consent of both sides": (
        WHO,
        "from.consent: {value: OneParty}\n  to.consent: {from: Consent__c}",
    ),
    "a group": (AGENT, "from.groups: {value: Sales}"),
    "a group, with the consent of whom it calls": (
        f"  {AGENT}",
        "  from.groups: {template: 'Team {Id}'}\n  to.consent: {value: OneParty}",
    ),
    "a number of digits": (AGENT, "from.agentId: {from: X__c, default: 12}"),
    "nothing to say": (WHO, 'application: {value: ""}'),
}


@pytest.mark.parametrize(("right", "other"), GOOD.values(), ids=GOOD)
def test_what_some_call_can_have_is_no_fault(
    right: str, other: str, dials: str, strict: World
) -> None:
    assert right in dials

    assert load_dial(dials.replace(right, other), "x.yaml", strict).call


def test_faults_of_the_parameters_are_told_beside_those_of_the_call(
    dials: str, strict: World
) -> None:
    text = dials.replace(f"  {NUMBER}\n", "").replace("value: connector", "value: a-b")

    faults = faults_of(text, strict)

    assert [fault.line for fault in faults] == [7, 11]
