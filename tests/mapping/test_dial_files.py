"""A file that dials becomes a flow, whatever it leaves out; it is of one kind."""

from datetime import UTC, datetime, time, timedelta

import pytest

from connector.mapping.durations import parse_hours
from connector.mapping.faults import Place
from connector.mapping.flow import Claim, FirstOf, Guards, Template, Written
from connector.mapping.load import World
from connector.mapping.schema_dial import DialAnswer
from connector.model import ENDS, Condition, DialState
from tests.mapping.loading import faults_of, load_dial


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


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("expires: 2 minutes", "expires: 1 hour"),
        ("{value: connector}", f"{{value: {'x' * 33}, fit: truncate}}"),
        ("{value: connector}", "{value: a, map: {a: b}}"),
        ("{value: connector}", '{template: "{Who.Name|Id}", as: text}'),
        ("{from: call.id}", '{template: "{call.answered_at}", as: integer}'),
        ("{from: call.id}", "{from: request.at, map: {a: 1}, as: integer}"),
    ],
)
def test_other_good_files_load(
    dials: str, world: World, right: str, other: str
) -> None:
    assert right in dials

    assert load_dial(dials.replace(right, other), "x.yaml", world).name


def test_a_field_that_is_read_again_keeps_its_first_place(
    dials: str, world: World
) -> None:
    text = dials.replace("{value: connector}", "{from: WhatId}")

    flow = load_dial(text, "x.yaml", world)

    assert flow.places["WhatId"].line == 11


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


# ── which kind it is ───────────────────────────────────────────────────────


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


def test_hours_may_end_at_midnight_and_be_all_of_the_day() -> None:
    assert parse_hours("08:00-24:00") == (time(8), time(0))
    assert parse_hours("00:00-24:00") == (time(0), time(0))
