"""``existing``: how records of others are told, and what is wrong with telling so."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connector.engine.compiling import compiled
from connector.engine.existing import ExistingPlan
from connector.mapping.check import check_against
from connector.mapping.faults import Place
from connector.mapping.flow import World
from connector.mapping.flow_calls import Existing
from connector.mapping.load import PushFlow
from connector.model import CrmField, CrmObject
from tests.mapping.loading import faults_of, load_push

Load = Callable[[str], PushFlow]
FILE = """\
flow: one
from: {system: callyzer, stream: call_logs, since: 7 days}
every: 1 minute
to: {object: Task, key: Call_Key__c}
fields:
  Call_Key__c: {template: "callyzer:{id}"}
  CallObject: {from: id}
  Description: {from: note}
existing: {match: CallObject}
"""


@pytest.fixture
def target(task: CrmObject) -> CrmObject:
    text = CrmField(name="CallObject", type="string", length=400)
    return replace(task, fields={**task.fields, "CallObject": text})


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("{match: CallObject}", "enrich"),
        ("{match: CallObject, found: enrich}", "enrich"),
        ("{match: CallObject, found: skip}", "skip"),
    ],
)
def test_a_record_of_others_is_enriched_unless_the_file_says_skip(
    world: World, said: str, found: str
) -> None:
    text = FILE.replace("{match: CallObject}", said)

    existing = load_push(text, "x.yaml", world).existing

    assert existing == Existing(match="CallObject", found=found, place=Place(9, 19))  # type: ignore[arg-type]  # one of its two


def test_a_file_that_says_nothing_looks_for_no_records_of_others(world: World) -> None:
    text = FILE.replace("existing: {match: CallObject}\n", "")

    assert load_push(text, "x.yaml", world).existing is None


WRONG: dict[str, tuple[str, str, int, str]] = {
    "no field": ("{match: CallObject}", "{found: skip}", 9, "'match' is missing"),
    "nothing": ("existing: {match: CallObject}", "existing: null", 9, "is empty"),
    "a name alone": ("{match: CallObject}", "CallObject", 9, "must be a mapping"),
    "an unknown word": (
        "Object}\n",
        "Object, found: merge}\n",
        9,
        "'enrich' or 'skip'",
    ),
    "an unknown key": (
        "{match:",
        "{mach:",
        9,
        "unknown key 'mach' (did you mean 'match",
    ),
    "a field that can't be one": ("{match: C", "{match: C C", 9, "letters, digits"),
    "a field that is not mapped": (
        "match: CallObject",
        "match: CallObjekt",
        9,
        "'CallObjekt' is not among the fields (did you mean 'CallObject'?)",
    ),
    "the key": (
        "match: CallObject",
        "match: Call_Key__c",
        9,
        "nobody else writes the key 'Call_Key__c' (name the field with the id that",
    ),
    "one value": (
        "{from: id}",
        "{value: x}",
        7,
        "'CallObject' cannot have 'value': every call would have the same record",
    ),
    "one default": (
        "{from: id}",
        "{from: id, default: x}",
        7,
        "every call without one",
    ),
    "kinds": ("{from: id}", "{from: id, map: {a: b}}", 7, "all calls of a kind would"),
    "somebody": (
        "{from: id}",
        "{find: User, by: phone, from: agent.phone}",
        7,
        "all calls with somebody would have the same record",
    ),
}


@pytest.mark.parametrize(("old", "new", "line", "told"), WRONG.values(), ids=WRONG)
def test_what_tells_no_record_is_told(
    world: World, old: str, new: str, line: int, told: str
) -> None:
    assert old in FILE

    faults = faults_of(FILE.replace(old, new), world)

    assert [fault.line for fault in faults if told in str(fault)] == [line], faults


def test_a_value_that_is_written_once_tells_records_as_well(world: World) -> None:
    text = FILE.replace("{from: id}", "{from: id, write: once}")

    assert load_push(text, "x.yaml", world).existing


# ── against the CRM ────────────────────────────────────────────────────────


def test_a_field_with_short_text_can_be_asked_for(
    world: World, target: CrmObject
) -> None:
    assert check_against(load_push(FILE, "x.yaml", world), target) == ()


@pytest.mark.parametrize("kind", ["textarea", "multipicklist", "double", "reference"])
def test_a_field_that_the_crm_can_t_be_asked_for_is_an_error(
    world: World, target: CrmObject, kind: str
) -> None:
    field = replace(target.fields["CallObject"], type=kind, length=32_000)
    other = replace(target, fields={**target.fields, "CallObject": field})

    faults = check_against(load_push(FILE, "x.yaml", world), other)

    assert [(f.line, f.severity) for f in faults if "asked for" in f.message] == [
        (9, "error")
    ]
    assert f"Task.CallObject is {kind}, and is asked for by text" in str(faults[-1])


def test_a_field_that_is_not_there_is_told_once(world: World, task: CrmObject) -> None:
    (fault,) = check_against(load_push(FILE, "x.yaml", world), task)

    assert fault.message == "Task has no field 'CallObject'"


@pytest.mark.parametrize(("length", "longest"), [(40, 40), (0, 255)])
def test_it_is_compiled_with_what_the_crm_says_of_the_field(
    world: World, target: CrmObject, length: int, longest: int
) -> None:
    field = replace(target.fields["CallObject"], length=length, case_sensitive=True)
    other = replace(target, fields={**target.fields, "CallObject": field})
    flow = load_push(FILE.replace("Object}", "Object, found: skip}"), "x.yaml", world)

    plan = compiled(flow, lambda _: other)

    assert plan.existing == ExistingPlan(
        match="CallObject", skips=True, longest=longest, cased=True
    )
