"""Callyzer's leads: Leads of the CRM, and Tasks for whoever is to be called."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from connector.sandbox.callyzer import TEAM
from connector.service.checking import against_crm
from tests.e2e.switchboard import DIRECTORY, Switchboard
from tests.e2e.world import ZONE, World

ROOT = Path(__file__).parents[2]
RAJ = {
    "first_name": "Raj",
    "last_name": "Gajjar",
    "email": "raj@mail.example",
    "city": "Surat",
    "contact_numbers": ["91-9988776655", "9876543210"],
    "employee": [f"{TEAM[1].name} (+91-{TEAM[1].number})"],
}


def shipped(world: World, name: str) -> None:
    """Put a shipped mapping, and the directory, into the folder."""
    world.map((ROOT / "mappings" / f"{name}.yaml").read_text(encoding="utf-8"))
    path = world.folder / "mappings" / "directory.yaml"
    path.write_text(DIRECTORY, encoding="utf-8")
    assert Switchboard(world).refresh().outcome == "done"


def reminder(world: World, **ahead: float) -> dict[str, str]:
    at = (world.clock.now() + timedelta(**ahead)).astimezone(ZONE)
    return {"reminder_date": f"{at:%Y-%m-%d}", "reminder_time": f"{at:%H:%M}:00"}


def later(world: World) -> None:
    assert world.later().exit_code == 0


def owner(world: World, row: dict[str, Any]) -> object:
    users = {user["Id"]: user["EmployeeNumber"] for user in world.crm.rows("User")}
    return users[row["OwnerId"]]


def made(world: World) -> dict[str, dict[str, Any]]:
    """The CRM's leads that are Callyzer's, by key."""
    rows = [dict(row) for row in world.crm.rows("Lead")]
    return {str(row["Call_Key__c"]): row for row in rows if row["Call_Key__c"]}


def test_a_lead_becomes_a_lead_and_changes_with_it(world: World) -> None:
    shipped(world, "callyzer-leads")
    world.callyzer.add_lead({"id": "raj", **RAJ})
    later(world)

    world.callyzer.change_lead("raj", city="Pune", first_name="Rajesh")
    later(world)

    (lead,) = made(world).values()
    assert (lead["FirstName"], lead["LastName"]) == ("Rajesh", "Gajjar")
    assert (lead["Company"], lead["City"]) == ("[not provided]", "Pune")
    assert (lead["Phone"], lead["MobilePhone"]) == ("+919988776655", "+919876543210")
    assert owner(world, lead) == TEAM[1].code


def test_leads_that_arrive_are_added_and_those_that_go_stay(world: World) -> None:
    shipped(world, "callyzer-leads")
    world.callyzer.load_leads(230)
    later(world)
    assert len(made(world)) == 230
    writes = len(world.crm.writes)

    world.callyzer.remove_lead(world.callyzer.lead_ids()[0])
    world.callyzer.add_lead({"id": "raj", **RAJ})
    later(world)
    later(world)

    assert len(made(world)) == 231
    assert len(world.crm.writes) == writes + 1


def test_a_reminder_is_an_open_task_that_moves_with_it(world: World) -> None:
    shipped(world, "callyzer-leads-follow-up")
    world.callyzer.add_lead({"id": "raj", **RAJ, **reminder(world, days=2)})
    world.callyzer.add_lead({"id": "usha", **RAJ, "contact_numbers": ["91-9876500001"]})
    later(world)
    (first,) = world.tasks()

    world.callyzer.change_lead("raj", **reminder(world, days=4))
    later(world)

    (task,) = world.tasks()
    assert task["Id"] == first["Id"]
    assert (task["Subject"], task["Status"]) == ("Call Raj Gajjar", "Not Started")
    assert (task["TaskSubtype"], task["IsReminderSet"]) == ("Call", True)
    due = (world.clock.now() + timedelta(days=4)).astimezone(ZONE)
    assert task["ActivityDate"] == f"{due:%Y-%m-%d}"
    assert task["ReminderDateTime"] > first["ReminderDateTime"]
    assert owner(world, task) == TEAM[1].code


def test_a_follow_up_that_an_agent_completed_stays_completed(world: World) -> None:
    shipped(world, "callyzer-leads-follow-up")
    world.callyzer.add_lead({"id": "raj", **RAJ, **reminder(world, days=2)})
    later(world)
    (task,) = world.tasks()
    world.crm.change(str(task["Id"]), Status="Completed")

    world.callyzer.change_lead("raj", **reminder(world, days=4))
    later(world)

    (task,) = world.tasks()
    assert task["Status"] == "Completed"


def test_the_mapping_files_that_ship_are_right_side_by_side(world: World) -> None:
    folder = world.folder / "mappings"
    (folder / "calls.yaml").unlink()
    for path in ROOT.glob("mappings/callyzer-*.yaml"):
        shutil.copy(path, folder)
    shutil.copy(ROOT / "mappings" / "directory.yaml", folder)

    with world.app() as app:
        flows = app.flows()
        said = list(against_crm(app, flows))

    assert flows.faults == ()
    assert len(flows.flows) == 5
    assert [row for row in said if row["severity"] == "error"] == []
