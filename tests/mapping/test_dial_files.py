"""A dial file becomes a flow; a wrong one tells every mistake with its place."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from connector.errors import MappingError
from connector.mapping.faults import Fault, Place
from connector.mapping.flow import Claim, FirstOf, Guards, Template, Written
from connector.mapping.load import Folder, World, load_folder, load_text
from connector.mapping.schema_dial import DialAnswer
from connector.model import ENDS, Condition, DialState
from tests.mapping.loading import load_dial


def faults_of(text: str, world: World) -> list[Fault]:
    with pytest.raises(MappingError) as caught:
        load_text(text, "x.yaml", world)
    return [fault for fault in caught.value.faults if isinstance(fault, Fault)]


# ── a good file ────────────────────────────────────────────────────────────


def test_it_becomes_a_flow(dials: str, world: World) -> None:
    flow = load_dial(dials, "mappings/click.yaml", world)

    assert (flow.name, flow.file) == ("click-to-call", "mappings/click.yaml")
    assert (flow.every, flow.cron) == (timedelta(minutes=1), None)
    assert (flow.zone.key, flow.regions) == ("UTC", ("IN", "US"))
    assert (flow.object, flow.object_place) == ("Task", Place(2, 13))
    assert flow.where == (
        Condition(field="Call_Request__c", operator="is", value="Requested"),
        Condition(field="IsClosed", operator="is", value=False),
    )
    assert flow.request_id == "Call_Request_Id__c"
    assert flow.request_at == "Call_Requested_At__c"
    assert flow.claim == Claim(
        object="Call_Dial__c",
        place=Place(4, 17),
        key="Request_Id__c",
        key_place=Place(4, 36),
    )
    assert flow.expires == timedelta(minutes=2)
    assert flow.guards == Guards(
        do_not_call=("Who.DoNotCall",),
        hours=(time(8), time(20)),
        same_number_within=timedelta(seconds=30),
        one_per_agent=timedelta(seconds=10),
    )


def test_what_the_dialer_is_told_is_in_the_files_order(
    dials: str, world: World
) -> None:
    flow = load_dial(dials, "x.yaml", world)

    agent, number, about, who = flow.call
    assert (flow.dialer, flow.dialer_place) == ("newvoicemedia", Place(8, 11))
    assert (agent.field, agent.place) == ("from.agentId", Place(9, 3))
    assert agent.verb == FirstOf(names=("Owner.Call_Agent_Id__c",))
    assert number.verb == FirstOf(
        names=("Call_Number__c", "Who.Phone", "Who.MobilePhone")
    )
    assert number.kind == "phone"
    assert about.verb == FirstOf(names=("WhatId", "WhoId", "Id"))
    assert (who.field, who.verb) == ("application", Written(value="connector"))


def test_what_the_record_is_told_is_by_what_became_of_the_call(
    dials: str, world: World
) -> None:
    flow = load_dial(dials, "x.yaml", world)

    assert set(flow.answers) == set(ENDS)
    assert [rule.field for rule in flow.answers[DialState.PLACED]] == [
        "Call_Request__c",
        "CallObject",
        "CallType",
    ]
    assert flow.answers[DialState.PLACED][1].verb == FirstOf(names=("call.id",))
    assert flow.answers[DialState.REFUSED][1].truncate
    assert flow.answers[DialState.UNKNOWN][1].verb == Template(
        parts=(("Who.Name", "call.number"), ": ", ("message",))
    )


def test_every_field_that_is_read_has_its_first_place(dials: str, world: World) -> None:
    flow = load_dial(dials, "x.yaml", world)

    lines = dials.splitlines()
    shown = {
        name: lines[place.line - 1][place.column - 1 :]
        for name, place in flow.places.items()
    }
    assert shown.pop("Who.Name").startswith('"{Who.Name|call.number}')
    assert all(text.startswith(name) for name, text in shown.items())
    assert {name: flow.places[name].line for name in shown} == {
        "Call_Request__c": 2,
        "IsClosed": 2,
        "Call_Request_Id__c": 3,
        "Call_Requested_At__c": 3,
        "Owner.Call_Agent_Id__c": 9,
        "Call_Number__c": 10,
        "Who.Phone": 10,
        "Who.MobilePhone": 10,
        "WhatId": 11,
        "WhoId": 11,
        "Id": 11,
        "Who.DoNotCall": 13,
    }


def test_what_may_be_left_out_has_its_usual_value(dials: str, world: World) -> None:
    kept = [
        line
        for line in dials.splitlines()
        if not line.startswith(("claim", "expires", "guards", "  placed", "  unknown"))
    ]

    flow = load_dial("\n".join(kept), "x.yaml", world)

    assert flow.claim is None
    assert flow.expires == timedelta(minutes=2)
    assert flow.guards == Guards()
    assert DialState.PLACED not in flow.answers
    assert DialState.REFUSED in flow.answers


def test_it_may_run_at_set_times_in_a_zone_of_its_own(dials: str, world: World) -> None:
    clock = (
        "cron: '* 8-18 * * mon-fri'\nzone: Asia/Kolkata\n"
        "# so is a time that is written without one:"
    )
    text = dials.replace("every: 1 minute", clock).replace(
        "{from: call.id}", "{value: 2026-11-21T10:00:00}"
    )

    flow = load_dial(text, "x.yaml", world)

    assert (flow.every, flow.cron) == (None, "* 8-18 * * mon-fri")
    made = flow.answers[DialState.PLACED][1].verb
    assert isinstance(made, Written)
    assert isinstance(made.value, datetime)
    assert made.value.astimezone(UTC).hour == 4


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("20:00-06:30", (time(20), time(6, 30))),
        ("08:00 - 20:00", (time(8), time(20))),
        ("08:00-00:00", (time(8), time(0))),
    ],
)
def test_hours_may_go_over_midnight(
    dials: str, world: World, written: str, hours: tuple[time, time]
) -> None:
    flow = load_dial(dials.replace("08:00-20:00", written), "x.yaml", world)

    assert flow.guards.hours == hours


def test_what_must_not_be_several_values_is_asked_one_by_one(
    dials: str, world: World
) -> None:
    text = dials.replace("IsClosed: {is: false}", "Status: {not: [Completed, Lost]}")

    flow = load_dial(text, "x.yaml", world)

    assert flow.where[1:] == (
        Condition(field="Status", operator="not", value="Completed"),
        Condition(field="Status", operator="not", value="Lost"),
    )


def test_the_states_of_the_format_are_the_ends_of_a_dial() -> None:
    assert list(DialAnswer.model_fields) == [state.value for state in ENDS]


# ── a wrong one ────────────────────────────────────────────────────────────

WHERE = "{Call_Request__c: {is: Requested}, IsClosed: {is: false}}"
REQUEST = "request: {id: Call_Request_Id__c, at: Call_Requested_At__c}\n"
TOLD = "application: {value: connector}"
WRONG: dict[str, tuple[str, str, int, str]] = {
    "no where": (f", where: {WHERE}", "", 2, "'where' is missing (such as where: {Ca"),
    "nothing in where": (WHERE, "{}", 2, "from.where: must not be empty"),
    "a where across a relationship": ("IsClosed:", "Who.X:", 2, "letters, digits"),
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
    "since": ("crm: Task,", "crm: Task, since: 7 days,", 2, "unknown key 'since'"),
    "no request": (REQUEST, "", 1, "'request' is missing (such as request: {id"),
    "no time of the press": (", at: Call_Requested_At__c", "", 3, "'at' is missing"),
    "an unknown key of the request": ("at: Call", "att: Call", 3, "did you mean 'at'?"),
    "an id that is a path": ("id: Call_", "id: Who.Call_", 3, "letters, digits"),
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
    "never": ("2 minutes", "0 minutes", 6, "expires: must be a length of time"),
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
    "a key like one that is refused": (
        TOLD,
        "application: {value: a, writ: once}",
        12,
        "unknown key 'writ'",
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
    "hours that there are not": ("08:00-20:00", "08:00-24:00", 13, "00:00 at midnight"),
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
    "a key of another kind": ("expires:", "reread: 1 day\nexpires:", 6, "unknown key"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_in_its_line(
    dials: str, world: World, case: tuple[str, str, int, str]
) -> None:
    right, wrong, line, told = case
    assert right in dials

    faults = faults_of(dials.replace(right, wrong, 1), world)

    assert any(told in str(fault) and fault.line == line for fault in faults), faults


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


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("crm: Task,", "system: callyzer, crm: Task,", "has both 'system' and 'crm'"),
        ("every:", "directory: {}\nevery:", "a file that dials has no 'directory'"),
    ],
)
def test_a_file_of_two_kinds_is_told_in_one_sentence(
    dials: str, world: World, right: str, wrong: str, told: str
) -> None:
    (fault,) = faults_of(dials.replace(right, wrong), world)

    assert told in fault.message
    assert fault.hint


def test_a_word_that_was_to_make_it_a_dial_file_is_told(
    dials: str, world: World
) -> None:
    faults = faults_of(dials.replace("crm:", "crn:"), world)

    assert any("unknown key 'crn' (did you mean 'crm'?)" in str(f) for f in faults)


# ── in a folder ────────────────────────────────────────────────────────────


def folder_of(path: Path, world: World, **files: str) -> Folder:
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text)
    return load_folder(path, world)


def test_a_dial_flow_needs_no_directory_and_pushes_nothing(
    tmp_path: Path, dials: str, example: str, world: World
) -> None:
    folder = folder_of(tmp_path, world, dials=dials, example=example)

    assert [flow.name for flow in folder.dials] == ["click-to-call"]
    assert [flow.name for flow in folder.flows] == ["callyzer-call-logs"]
    assert folder.faults == ()


def test_a_flow_of_another_kind_cannot_have_its_name(
    tmp_path: Path, dials: str, example: str, world: World
) -> None:
    text = example.replace("callyzer-call-logs", "click-to-call")

    folder = folder_of(tmp_path, world, dials=dials, example=text)

    assert (folder.dials, folder.flows) == ((), ())
    assert len(folder.faults) == 1


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("zone: UTC", "zone: Asia/Kolkata"),
        ("{is: Requested}", "{is: requested}"),
        ("{is: Requested}", "{in: [Requested, Again]}"),
        ("{is: Requested}", "{not: Done}"),
        ("{is: Requested}", "{blank: false}"),
        ("IsClosed: {is: false}", "Team__c: {is: Sales}"),
    ],
)
def test_two_flows_that_could_dial_for_one_request_are_both_left_out(
    tmp_path: Path, dials: str, world: World, right: str, other: str
) -> None:
    text = f"{dials}zone: UTC\n"
    second = text.replace("click-to-call", "other").replace(right, other)

    folder = folder_of(tmp_path, world, a=text, b=second)

    assert folder.dials == ()
    (fault,) = folder.faults
    assert (Path(fault.file).name, fault.line) == ("b.yaml", 2)
    assert str(tmp_path / "a.yaml") in fault.message
    assert "'where'" in fault.hint


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("crm: Task", "crm: Event"),
        ("Call_Request_Id__c", "Call_Me_Id__c"),
        ("{is: Requested}", "{is: Wanted}"),
        ("{is: Requested}", "{in: [Wanted, Again]}"),
        ("{is: Requested}", "{not: [Placed, Requested]}"),
        ("{is: Requested}", "{blank: true}"),
        ("{is: false}", "{is: true}"),
    ],
)
def test_flows_whose_requests_never_meet_run_side_by_side(
    tmp_path: Path, dials: str, world: World, right: str, other: str
) -> None:
    second = dials.replace("click-to-call", "other").replace(right, other)

    folder = folder_of(tmp_path, world, a=dials, b=second)

    assert len(folder.dials) == 2
    assert folder.faults == ()
