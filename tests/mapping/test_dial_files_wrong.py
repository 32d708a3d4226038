"""What is wrong with a file that dials is told, with its line."""

from dataclasses import replace

import pytest

from connector.mapping.load import World
from tests.mapping.loading import faults_of

WHERE = "{Call_Request__c: {is: Requested}, IsClosed: {is: false}}"
REQUEST = "request: {id: Call_Request_Id__c, at: Call_Requested_At__c}\n"
TOLD = "application: {value: connector}"
WRONG: dict[str, tuple[str, str, int, str]] = {
    "no where": (f", where: {WHERE}", "", 2, "'where' is missing (such as where: {Ca"),
    "nothing in where": (WHERE, "{}", 2, "from.where: must not be empty"),
    "a where across a relationship": (
        "IsClosed:",
        "Who.DoNotCall:",
        2,
        "from.where.Who.DoNotCall: only the record's own fields can stand here",
    ),
    "a where that compares nothing": ("{is: false}", "false", 2, "say how to compare"),
    "an unknown operator": ("{is: false}", "{iss: false}", 2, "did you mean 'is'?"),
    "a field of where twice": (
        "IsClosed: {is",
        "call_request__c: {is",
        2,
        "are the same field to the CRM",
    ),
    "an object that can't be one": ("crm: Task", "crm: My Task", 2, "letters, digits"),
    "an unknown key of from": ("crm: Task,", "crm: Task, wher: 1,", 2, "'where'?"),
    "since": ("crm: Task,", "crm: Task, since: 7 days,", 2, "'since' belongs"),
    "no request": (REQUEST, "", 1, "'request' is missing (such as request: {id"),
    "no time of the press": (", at: Call_Requested_At__c", "", 3, "'at' is missing"),
    "an unknown key of the request": ("at: Call", "att: Call", 3, "did you mean 'at'?"),
    "an id that is a path": ("id: Call_", "id: Who.Call_", 3, "record's own fields"),
    "an id that is the time": (
        "at: Call_Requested_At__c",
        "at: Call_Request_id__c",
        3,
        "cannot be both the request's id and its time",
    ),
    "a claim without a key": (", key: Request_Id__c", "", 4, "'key' is missing"),
    "an unknown key of the claim": ("key: Req", "kye: Req", 4, "did you mean 'key'?"),
    "no clock": ("every: 1 minute\n", "", 1, "'every' or 'cron' is missing"),
    "two clocks": ("expires:", "cron: '* * * * *'\nexpires:", 6, "keep one"),
    "a bad zone": ("expires:", "zone: Europe/Helsingi\nexpires:", 6, "'Europe/Helsi"),
    "too late": ("2 minutes", "61 minutes", 6, "must be at most 1 hour"),
    "never": ("2 minutes", "0 minutes", 6, "must be longer than zero"),
    "no dialer": ("  dialer: newvoicemedia\n", "", 7, "'dialer' is missing"),
    "an unknown dialer": (
        "newvoicemedia",
        "newvoicmedia",
        8,
        "unknown dialer 'newvoicmedia' (did you mean 'newvoicemedia'?)",
    ),
    "an unknown parameter": (
        "to.telephoneNumber",
        "to.telephonNumber",
        10,
        "unknown parameter 'to.telephonNumber' (did you mean 'to.telephoneNumber'?)",
    ),
    "a parameter in another": (
        "regarding.reference:",
        "regarding:",
        11,
        "parameters are written with a dot: regarding.reference",
    ),
    "no rule": (TOLD, "application: connector", 12, "must have a verb"),
    "no verb": (TOLD, "application: {}", 12, "has no verb (one of from, value, temp"),
    "an unknown verb": (TOLD, "application: {form: Id}", 12, "did you mean 'from'?"),
    "two verbs": (TOLD, "application: {value: a, from: Id}", 12, "has 2 verbs"),
    "a record to be found": (
        TOLD,
        "application: {find: User, by: phone, from: Id}",
        12,
        "'find' goes with 'fields' of a push file only",
    ),
    "a parameter that is written once": (
        TOLD,
        "application: {value: a, write: once}",
        12,
        "write: goes with 'fields' of a push file only",
    ),
    "an unknown key of a rule": (TOLD, "application: {value: a, ft: x}", 12, "'fit'?"),
    "a default that there is not": (
        TOLD,
        "to.consent: {from: X__c, map: {a: TwoParty}, default: Nobody}",
        12,
        "unknown choice 'Nobody'",
    ),
    "a path over two relationships": (
        "{from: Owner.Call_Agent_Id__c}",
        "{from: Who.Owner.Call_Agent_Id__c}",
        9,
        "more than one relationship (one is the most, such as Who.Call_Agent_Id__c)",
    ),
    "a path with a space": ("Who.MobilePhone", "Who MobilePhone", 10, "cannot be a f"),
    "a path that ends with a dot": ("Who.Phone", "Who.", 10, "such as Phone, or Who."),
    "a path of a template": (
        TOLD,
        'application: {template: "{Id} {Who.A.B}"}',
        12,
        "'Who.A.B' goes over more than one relationship",
    ),
    "a template without a field": (
        TOLD,
        "application: {template: a}",
        12,
        "'value' in",
    ),
    "a number that is no phone's": (
        "as: phone",
        "as: fone",
        10,
        "as: must be 'text', 'integer'",
    ),
    "a choice that there is not": (
        TOLD,
        "from.consent: {value: OnePart}",
        12,
        "from.consent: unknown choice 'OnePart' (did you mean 'OneParty'?)",
    ),
    "a map to what there is not": (
        TOLD,
        "to.consent: {from: X__c, map: {a: TwoParty, b: Both}, default: None}",
        12,
        "unknown choice 'Both' (there is: OneParty, TwoParty, Unknown)",
    ),
    "a text that is too long": (
        "value: connector",
        f"value: {'x' * 33}",
        12,
        "application has 32 characters at most",
    ),
    "what only the answer knows": (
        "{value: connector}",
        "{from: call.id}",
        12,
        "'call.id' is known after the call only (it goes into 'answer')",
    ),
    "what no answer knows either": (
        "[WhatId, WhoId, Id]",
        "[WhatId, call.idd]",
        11,
        "'call.idd' is known after the call only",
    ),
    "a guard by the answer": ("[Who.DoNotCall]", "[message]", 13, "it goes into 'answ"),
    "a guard that is no list": ("[Who.DoNotCall]", "X__c", 13, "must be a list"),
    "a guard that can't be a field": ("[Who.DoNotCall]", "[a b]", 13, "cannot be a f"),
    "an unknown guard": ("hours:", "hour:", 13, "did you mean 'hours'?"),
    "hours that end as they begin": (
        "08:00-20:00",
        "08:00-08:00",
        13,
        "leave them out",
    ),
    "hours that there are not": ("08:00-20:00", "08:00-24:01", 13, "or 08:00-24:00"),
    "hours of one moment": ("08:00-20:00", "08:00", 13, "such as 08:00-20:00"),
    "a guard that is no time": ("30 seconds", "30", 13, "must be a length of time"),
    "an unknown state": ("placed: ", "plcaed: ", 15, "did you mean 'placed'?"),
    "a state that is no end": ("placed: ", "done: ", 15, "there is: blocked, expired"),
    "an answer in no words": (
        "{Call_Request__c: {value: Placed}, CallObject: {from: call.id}, CallType: {value: Outbound}}",
        "{}",
        15,
        "answer.placed: must not be empty",
    ),
    "an answer that there is not": (
        "from: call.id",
        "from: call.agnt",
        15,
        "an answer has no 'call.agnt' (did you mean 'call.agent'?)",
    ),
    "an answer of another type": (
        "{from: call.id}",
        "{from: call.answered_at, as: integer}",
        15,
        "'call.answered_at' is datetime, which cannot be read as integer",
    ),
    "an answer of several, of another type": (
        "{from: call.id}",
        "{first: [X__c, request.at], as: phone}",
        15,
        "'request.at' is datetime, which cannot be read as phone",
    ),
    "an answer that is a request": (
        "CallObject:",
        "Call_Request_ID__c:",
        15,
        "is the request's id: only the button writes it",
    ),
    "an answer that is a press": (
        "CallObject:",
        "Call_Requested_At__c:",
        15,
        "is the request's time",
    ),
    "a field of an answer twice": (
        "CallObject:",
        "calltype:",
        15,
        "are the same field to the CRM",
    ),
    "an answer to be found": (
        "{from: call.id}",
        "{find: User, by: id, from: call.id}",
        15,
        "'find' goes with 'fields'",
    ),
    "an answer that is written once": (
        "{from: call.id}",
        "{from: call.id, write: once}",
        15,
        "CallObject.write: goes with 'fields' of a push file only (leave it out",
    ),
    "an unknown key of an answer": ("fit: tr", "fitt: tr", 16, "did you mean 'fit'?"),
    "an unknown key": ("claim:", "clam:", 4, "did you mean 'claim'?"),
    "a key of another kind": (
        "expires:",
        "reread: 1 day\nexpires:",
        6,
        "'reread' belongs to a file that pushes, and this one dials (leave it out)",
    ),
    "where it is written": ("expires:", "to: {}\nexpires:", 6, "'to' belongs to a f"),
    "what is written": ("expires:", "fields: {}\nexpires:", 6, "'fields' belongs to"),
    "what others wrote": ("expires:", "existing: {}\nexpires:", 6, "'existing' belo"),
    "a claim of what asks": (
        "object: Call_Dial__c",
        "object: task",
        4,
        "a claim cannot be a task: that is what asks for the call",
    ),
    "an answer across a relationship": (
        "CallObject:",
        "Who.DoNotCall:",
        15,
        "only the record's own fields can stand here",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_in_its_line(
    dials: str, world: World, case: tuple[str, str, int, str]
) -> None:
    right, wrong, line, told = case
    assert right in dials

    faults = faults_of(dials.replace(right, wrong, 1), world)

    assert any(told in str(fault) and fault.line == line for fault in faults), faults


def test_a_key_that_would_be_refused_is_not_suggested(dials: str, world: World) -> None:
    text = dials.replace("{value: connector}", "{value: connector, writ: once}")

    (fault,) = faults_of(text, world)

    assert fault.message == "unknown key 'writ'"
    assert fault.hint == "there is: as, default, fit, map, value"


def test_every_mistake_is_told_at_once(dials: str, world: World) -> None:
    text = (
        dials.replace("crm: Task", "crm: My Task")
        .replace("expires: 2 minutes", "expires: 2 days")
        .replace("to.telephoneNumber:", "to.number:")
        .replace("Who.DoNotCall", "Who DoNotCall")
        .replace("from: call.id", "from: call.ids")
        .replace("blocked:", "bloked:")
    )

    faults = faults_of(text, world)

    assert [fault.line for fault in faults] == [2, 6, 10, 13, 15, 19]


def test_nothing_but_a_dialer_is_too_little(dials: str, world: World) -> None:
    lines = [line for line in dials.splitlines() if not line.startswith("  from")]
    lines = [line for line in lines if not line.startswith(("  to", "  reg", "  app"))]

    (fault,) = faults_of("\n".join(lines), world)

    assert fault.line == 7
    assert "nothing tells newvoicemedia whom to call" in fault.message


def test_an_empty_answer_is_told(dials: str, world: World) -> None:
    text = dials[: dials.index("answer:")] + "answer: {}\n"

    (fault,) = faults_of(text, world)

    assert "'answer' says nothing" in fault.message


def test_parameters_of_an_unknown_dialer_are_not_told(dials: str, world: World) -> None:
    text = dials.replace("from.agentId", "from.agent")

    (fault,) = faults_of(text, replace(world, dialers={}))

    assert str(fault) == "x.yaml:8:11: call.dialer: unknown dialer 'newvoicemedia'"


# ── which kind it is meant to be ───────────────────────────────────────────


def test_a_file_that_dials_is_known_though_its_from_is_misspelt(
    dials: str, world: World
) -> None:
    faults = faults_of(dials.replace("crm: Task", "crmm: Task"), world)

    assert [str(fault) for fault in faults] == [
        "x.yaml:2:1: 'crm' is missing",
        "x.yaml:2:8: unknown key 'crmm' (did you mean 'crm'?)",
    ]


def test_a_file_that_dials_is_known_though_it_has_no_from(
    dials: str, world: World
) -> None:
    lines = dials.splitlines(keepends=True)

    (fault,) = faults_of("".join(x for x in lines if not x.startswith("from:")), world)

    assert fault.message == "'from' is missing"
    assert fault.hint.startswith("such as from: {crm: Task, where: ")


@pytest.mark.parametrize(
    "key", ["request", "claim", "call", "guards", "answer", "expires"]
)
def test_a_key_of_a_file_that_dials_is_told_of_one_that_pushes(
    example: str, world: World, key: str
) -> None:
    (fault,) = faults_of(f"{example}{key}: {{}}\n", world)

    assert fault.message == f"'{key}' belongs to a file that dials, and this one pushes"
    assert fault.line == len(example.splitlines()) + 1


def test_an_object_with_a_dot_is_no_field(dials: str, world: World) -> None:
    (fault,) = faults_of(dials.replace("crm: Task", "crm: My.Task"), world)

    assert "letters, digits" in fault.message
