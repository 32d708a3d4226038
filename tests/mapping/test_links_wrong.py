"""What is wrong with links, with calls between colleagues, and never, is told."""

import pytest

from connector.mapping.flow import World
from tests.mapping.loading import faults_of

OWNER = "by: email, from: agent.email, none: default, default: 0055g0000010002"
CREATED = "      fields: {LastName: {first: [customer.name, note], fit: truncate}, Rating: {value: Warm}}"
WHAT = "by: id, from: ticket.id"
WRONG: dict[str, tuple[str, str, int, str]] = {
    "no source": ("    from: customer.phone\n", "", 11, "'from' or 'first' is missing"),
    "two sources": (
        "ties: newest",
        "first: [note]",
        14,
        "'from' and 'first' (keep one)",
    ),
    "an unknown source": ("from: ticket.id", "from: ticket.i", 19, "'ticket.id'?"),
    "an unknown source of several": ("emp_number]", "emp_nmber]", 20, "'emp_number'?"),
    "no by": ("    by: phone\n", "", 10, "'by' is missing"),
    "an unknown by": ("by: phone", "by: fone", 12, "did you mean 'phone'?"),
    "a field without its word": (
        "by: field EmployeeNumber",
        "by: EmployeeNumber",
        20,
        "or a field such as 'field EmployeeNumber'",
    ),
    "a field that can't be one": (
        "by: field EmployeeNumber",
        "by: field Employee-Number",
        20,
        "cannot look by 'field Employee-Number'",
    ),
    "nothing to look in": (
        "find: [Contact, Lead]",
        "find: []",
        11,
        "must not be empty",
    ),
    "an object twice": (
        "[Contact, Lead]",
        "[Contact, Contact]",
        11,
        "'Contact' is her",
    ),
    "an object that can't be one": (
        "[Contact, Lead]",
        "[Con tact]",
        11,
        "letters, dig",
    ),
    "objects that are no list": (
        "find: [Contact, Lead]",
        "find: {Contact, Lead}",
        11,
        "must be one name or text, not a mapping; several stand in a list: [one, other",
    ),
    "unknown ties": ("ties: newest", "ties: oldest", 14, "'newest', 'priority' or"),
    "ties of what an id is of": (
        WHAT,
        f"{WHAT}, ties: priority",
        19,
        "'ties' does nothing with 'by: id': an id is one record's (leave it out)",
    ),
    "a user to be made": (
        OWNER,
        "by: phone, from: agent.phone, none: create",
        9,
        "no call makes a User: administrators do (say none: default, or leave)",
    ),
    "a user to be made among others": (
        "key: Call_Key__c\n",
        "object: User\n",
        15,
        "no call makes a User",
    ),
    "an unknown none": ("none: create", "none: skip", 15, "'create', 'default' or 's"),
    "by phone of what is none": (
        "from: customer.phone",
        "from: duration",
        13,
        "'duration' is integer, and nobody is found by phone with that",
    ),
    "by email of what is none": (
        "from: agent.email",
        "from: customer.phone",
        9,
        "'customer.phone' is phone, and nobody is found by email with that",
    ),
    "by id of what is none": (WHAT, "by: id, from: tags", 19, "'tags' is list"),
    "by a field with what is none": (
        "[emp_code, ",
        "[rating, ",
        20,
        "'rating' is numb",
    ),
    "a default that is not asked for": (
        OWNER,
        "by: email, from: agent.email, default: 0055g0000010002",
        9,
        "'default' does nothing without 'none: default' (add 'none: default', or leave",
    ),
    "a record to make that is not asked for": (
        "none: create",
        "none: leave",
        16,
        "'create' does nothing without 'none: create'",
    ),
    "a default that is no id": (
        "0055g0000010002}",
        "Ananya}",
        9,
        "'Ananya' is not the",
    ),
    "a default with a slip": (
        "0055g0000010002}",
        "0055g0000010002AAB}",
        9,
        "copy the 15 or 18 characters",
    ),
    "a default like a number": ("0055g0000010002}", "5500000}", 9, "put it in quotes"),
    "a record to make for an email": (
        "none: default, default: 0055g0000010002",
        "none: create",
        9,
        "only where somebody is looked for by phone can they be created",
    ),
    "a made object that is not looked in": (
        "key: Call_Key__c\n",
        "object: Leads\n",
        17,
        "'Leads' is not among the objects to find (did you mean 'Lead'?)",
    ),
    "an unknown key of create": ("      key: C", "      kye: C", 17, "mean 'key'?"),
    "the key among the made fields": (
        CREATED,
        "      fields: {Call_Key__c: {from: note}}",
        18,
        "'Call_Key__c' is the key, which gets the number by itself",
    ),
    "a made field that finds": (
        CREATED,
        "      fields: {OwnerId: {find: User, by: phone, from: agent.phone}}",
        18,
        "a record that is made can't have 'find'",
    ),
    "a made field that is written once": (
        "Rating: {value: Warm",
        "Rating: {write: once, value: Warm",
        18,
        "'write' does nothing here",
    ),
    "a made field without a verb": ("Rating: {value", "Rating: {valu", 18, "'value'?"),
    "a key of a made field's verb": (
        "Rating: {value: Warm",
        "Rating: {value: Warm, mapp: {}",
        18,
        "unknown key 'mapp' (did you mean 'map'?)",
    ),
    "made fields that differ by case": (
        "Rating: {value",
        "lastName: {value",
        18,
        "'LastName' and 'lastName' are the same field",
    ),
    "a map": (WHAT, f"{WHAT}, map: {{a: b}}", 19, "'map' does not go with 'find'"),
    "a type": (WHAT, f"{WHAT}, as: text", 19, "'as' does not go with 'find'"),
    "a cut": (WHAT, f"{WHAT}, fit: truncate", 19, "'fit' does not go with 'find'"),
    "once": (WHAT, f"{WHAT}, write: once", 19, "a link is decided once, as it is"),
    "an unknown key": (WHAT, f"{WHAT}, tie: newest", 19, "did you mean 'ties'?"),
    "another verb": (WHAT, f"{WHAT}, value: x", 19, "has 3 verbs: from, value, find"),
    "a find that lacks the word": (
        "{find: User, by: email",
        "{by: email",
        9,
        "'by' goes with 'find' only",
    ),
    "a key that is found": (
        '{template: "linked:{id}"}',
        "{find: User, by: id, from: id}",
        6,
        "the key cannot have 'find': the key is the vendor's own id",
    ),
    "an unknown word for internal": ("internal: log", "internal: drop", 21, "or 'log'"),
    "an unknown key of internal": (
        "internal: log",
        "internal: {calls: log, number: []}",
        21,
        "did you mean 'numbers'?",
    ),
    "a log without the field that says so": (
        "  CallType: {from: call_type, map: {Incoming: Inbound, Outgoing: Outbound}}\n",
        "",
        20,
        "calls cannot be logged as internal without the field CallType",
    ),
    "a call with one end": (
        "internal: log",
        "internal: {calls: skip, between: [agent.phone]}",
        21,
        "must be two fields (such as [agent.phone, customer.phone])",
    ),
    "a call with itself": (
        "internal: log",
        "internal: {calls: skip, between: [agent.phone, agent.phone]}",
        21,
        "must be two fields",
    ),
    "an end that is no number": (
        "internal: log",
        "internal: {calls: skip, between: [agent.phone, duration]}",
        21,
        "'duration' is integer, and holds no phone number",
    ),
    "a number of ours that is none": (
        "internal: log",
        "internal: {calls: skip, numbers: [soon]}",
        21,
        "'soon'",
    ),
    "a number never logged that is none": (
        "98200 11999",
        "98200 1199",
        22,
        "'98200 1199'",
    ),
    "a number without its quotes": ('"98200 11999"', "9820011999", 22, "in quotes"),
    "numbers that are no list": (
        'never: ["98200 11999", "+1 415 555 01*"]',
        "never: '98200 11999'",
        22,
        "must be a list",
    ),
    "an unknown key of never": (
        'never: ["98200 11999", "+1 415 555 01*"]',
        "never: {nmbers: []}",
        22,
        "did you mean 'numbers'?",
    ),
    "a place to look that holds no number": (
        'never: ["98200 11999", "+1 415 555 01*"]',
        "never: {numbers: ['98200 11999'], fields: [tags]}",
        22,
        "'tags' is list, and holds no phone number",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_its_line(
    linked: str, world: World, case: tuple[str, str, int, str]
) -> None:
    right, wrong, line, told = case
    assert right in linked

    faults = faults_of(linked.replace(right, wrong, 1), world)

    assert any(told in str(f) and f.line == line for f in faults), faults


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("internal: skip", "say which two have the numbers: {calls: skip, between"),
        ("never: ['98200 11999']", "say where to look: {numbers: […], fields:"),
    ],
)
def test_a_stream_without_the_usual_fields_must_be_told_which(
    example: str, world: World, line: str, told: str
) -> None:
    text = example.replace("stream: call_logs", "stream: leads")

    faults = [fault for fault in faults_of(text + line, world) if fault.line == 19]

    assert faults
    for fault in faults:
        assert "the stream has no field '" in fault.message
        assert told in fault.hint


def test_every_mistake_of_a_link_is_told_at_once(linked: str, world: World) -> None:
    text = (
        linked.replace("ties: newest", "ties: oldest")
        .replace("from: ticket.id", "from: duraton")
        .replace("98200 11999", "98200 1199")
        .replace("0055g0000010002}", "Ananya}")
        .replace("Rating: {value", "Rating: {valu")
    )

    assert [fault.line for fault in faults_of(text, world)] == [9, 14, 18, 19, 22]
