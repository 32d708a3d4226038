"""The connector's permission set in salesforce/ allows what the shipped click does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from connector.engine.claiming import claim_fields
from connector.mapping.flow import World
from connector.mapping.load import load_folder
from connector.mapping.paths import paths_of
from connector.model import CrmField, CrmObject, Dial, DialState
from connector.wiring import STREAMS
from connector.wiring.dialers import PARAMETERS

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "salesforce/force-app/main/default"
SPACE: Final = "{http://soap.sforce.com/2006/04/metadata}"
WORLD = World(streams=STREAMS, zones={}, regions=("IN",), dialers=PARAMETERS)

REACHED: Final = {"": ("Task",), "Who": ("Contact", "Lead"), "Owner": ("User",)}
"""The objects whose fields are read, by the relationship that leads to them."""
UNBOUND: Final = {
    *("Task.Id", "Task.WhoId", "Task.WhatId", "Task.IsClosed"),
    *("Task.CallObject", "Task.CallType"),  # Object Reference, Task: not subject to FLS
}
"""Standard fields that come with the right to see or edit the Task."""
NEEDED: Final = {
    "Call_Dial__c": {"allowRead", "allowCreate", "allowEdit", "viewAllRecords"},
    "Contact": {"allowRead", "viewAllRecords"},
    "Lead": {"allowRead", "viewAllRecords"},
    "Account": {"allowRead", "viewAllRecords"},  # without it there is no Contact
}
"""What the connector's user has to do with each object, and no more."""

(CLICK,) = load_folder(ROOT / "mappings", WORLD).dials
SET = ET.parse(MAIN / "permissionsets/Call_Connector.permissionset-meta.xml").getroot()  # noqa: S314  our own file


def granted(right: str) -> set[str]:
    """The fields that the connector's user may see (``readable``) or edit."""
    return {
        each.findtext(f"{SPACE}field", "")
        for each in SET.iter(f"{SPACE}fieldPermissions")
        if each.findtext(SPACE + right) == "true"
    }


def bound(fields: set[str]) -> set[str]:
    """Those that need a permission; a required field needs none, and takes none."""
    return {each for each in fields - UNBOUND if not is_required(each)}


def is_required(field: str) -> bool:
    name, _, own = field.partition(".")
    path = MAIN / f"objects/{name}/fields/{own}.field-meta.xml"
    return path.exists() and "<required>true</required>" in path.read_text("utf-8")


def read() -> Iterator[str]:
    """Every field that the click reads, as a permission set calls it."""
    for path in paths_of(CLICK):
        way, _, own = path.rpartition(".")
        yield from (f"{name}.{own}" for name in REACHED[way])


def written() -> Iterator[str]:
    """Every field of a record that the click writes."""
    for rules in CLICK.answers.values():
        yield from (f"{CLICK.object}.{rule.field}" for rule in rules)


def claimed() -> Iterator[str]:
    """Every field of a claim that is written, of those that are deployed."""
    assert CLICK.claim
    name = CLICK.claim.object
    there = [path.name for path in (MAIN / f"objects/{name}/fields").iterdir()]
    fields = {own: CrmField(name=own, type="string") for own in map(_named, there)}
    kept = CrmObject(name=name, fields=fields)
    dial = Dial(request_id="", flow="", record_id="", state=DialState.PLACED)
    made, told = claim_fields(kept, dial, "worker"), claim_fields(kept, dial)
    yield from (f"{name}.{own}" for own in {CLICK.claim.key, *made, *told})


def _named(file: str) -> str:
    return file.partition(".")[0]


def test_the_connectors_user_may_see_every_field_that_a_click_reads() -> None:
    assert {"Contact.DoNotCall", "Lead.Phone", "User.Call_Agent_Id__c"} <= {*read()}

    assert bound({*read()}) - granted("readable") == set()


def test_the_connectors_user_may_edit_every_field_that_a_click_writes() -> None:
    fields = {*written(), *claimed()}
    assert {"Task.Call_Request__c", "Call_Dial__c.State__c"} <= fields

    assert bound(fields) - granted("editable") == set()


def test_the_connectors_user_may_read_whoever_is_called_and_make_claims() -> None:
    objects = {
        each.findtext(f"{SPACE}object"): {
            right.tag.removeprefix(SPACE) for right in each if right.text == "true"
        }
        for each in SET.iter(f"{SPACE}objectPermissions")
    }

    assert objects == NEEDED


def test_nobody_is_granted_more_of_whom_they_call_than_seeing_them() -> None:
    people = {each for each in granted("editable") if not each.endswith("__c")}

    assert people == set()
