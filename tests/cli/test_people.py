"""What the commands say of people: preview, links, unmapped, relink."""

import pytest

from tests.cli.conftest import Connector
from tests.service.hall import DIRECTORY, KNOWN, STRANGER, WHAT, WHO
from tests.service.office import MAPPING, Office

MADE = WHO.replace("}", ", none: create}")


@pytest.fixture(autouse=True)
def people(office: Office) -> None:
    """Mapping files that find somebody."""
    office.write(DIRECTORY, "directory.yaml")
    office.write(MAPPING + WHO + WHAT)


def call(office: Office, name: str, number: str, **fields: object) -> None:
    """Let a call of a client come in."""
    numbers = {"client_number": number, "client_country_code": "91"}
    office.call(name, **numbers, **fields)  # type: ignore[arg-type]  # fields of a call


# ── preview ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "command",
    [
        ("preview", "calls"),
        ("preview", "calls", "--json"),
        ("relink", "calls"),
        ("backfill", "calls", "--from", "2026-01-01", "--to", "2026-01-31"),
    ],
)
def test_before_the_directory_is_loaded_it_says_what_to_do(
    connector: Connector, office: Office, command: tuple[str, ...]
) -> None:
    call(office, "one", KNOWN)

    said = connector(*command)

    assert (said.code, said.out) == (1, "")
    assert said.err.strip() == (
        "the directory is not loaded yet (Account, Contact, Lead): run"
        " `connector sync directory`"
    )


def test_check_sync_directory_preview_is_the_order_that_works(
    connector: Connector, office: Office
) -> None:
    office.crm.add("Contact", {"LastName": "Rao", "Phone": KNOWN})
    call(office, "one", KNOWN)

    codes = [connector("check").code, connector("sync", "directory").code]
    said = connector("preview", "calls")

    assert (*codes, said.code) == (0, 0, 0)
    assert "    WhoId → Contact Rao (003" in said.out


def test_a_preview_says_what_it_costs_before_it_asks(
    connector: Connector, office: Office
) -> None:
    connector("sync", "directory")
    heard: list[str] = []
    office.heard = heard.append
    call(office, "one", KNOWN)

    said = connector("preview", "calls", "--limit", "120")
    program = connector("preview", "calls", "--json")

    cost = said.out.splitlines()[0]
    assert cost.startswith("About 2 requests to callyzer, and at most 6 CRM calls (of ")
    assert cost.endswith(" left today before the reserve)")
    assert program.err.startswith(
        "About 1 request to callyzer, and at most 2 CRM calls"
    )
    assert len(program.json) == 1
    asked = [path for path in heard if "/describe" in path or "/query" in path]
    assert len(asked) == 4


def test_a_preview_that_may_not_come_to_its_end_says_so(
    connector: Connector, office: Office
) -> None:
    connector("sync", "directory")
    office.crm.org.usage.used = 95_000
    connector("sync", "directory")

    said = connector("preview", "calls")

    assert said.code == 1
    assert "(of 0 left today before the reserve). That is more than is left" in said.out


def test_a_preview_says_who_would_be_made_once_a_number(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING + MADE + WHAT)
    connector("sync", "directory")
    leads = len(office.crm.rows("Lead"))
    for name in ("one", "two"):
        call(office, name, STRANGER, client_name="Meenal Apte")

    said = connector("preview", "calls")

    why = f"made, as nobody has +91{STRANGER}"
    assert said.out.count(f"    WhoId → a new Lead Meenal Apte: {why}") == 2
    assert said.out.count("    and makes a Lead:") == 1
    assert f"        Phone     '+91{STRANGER}'" in said.out
    assert "        LastName  'Meenal Apte'" in said.out
    assert len(office.crm.rows("Lead")) == leads


def test_a_program_gets_who_would_be_made_and_the_links_as_fields(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING + MADE)
    connector("sync", "directory")
    call(office, "one", STRANGER)

    (row,) = connector("preview", "calls", "--json").json

    assert row["makes"][0]["object"] == "Lead"
    assert row["makes"][0]["fields"]["Phone"] == f"+91{STRANGER}"
    assert row["links"]["WhoId"]["id"] == "(new)"
    assert row["links"]["WhoId"]["object"] == "Lead"


# ── links and unmapped ─────────────────────────────────────────────────────


def test_whom_nobody_knows_is_a_row_a_value(
    connector: Connector, office: Office
) -> None:
    office.crm.add("Contact", {"LastName": "Rao", "Phone": KNOWN})
    call(office, "known", KNOWN)
    for name in ("one", "two"):
        call(office, name, STRANGER)

    synced = connector("sync", "calls")
    said = connector("unmapped")

    assert "read 3, created 3, unlinked 2" in synced.out
    assert [line.split() for line in said.out.splitlines()[1:]] == [
        ["customer", f"+91{STRANGER}", "2", "calls", "WhatId,", "WhoId", "0"]
    ]


def test_of_a_broken_file_the_fault_is_said_beside(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING.replace("every:", "evry:"))

    said = connector("unmapped")

    assert said.out == "Everybody is known.\n"
    assert "unknown key 'evry'" in said.err


# ── relink ─────────────────────────────────────────────────────────────────


def test_relinking_says_what_it_costs_and_what_came_of_it(
    connector: Connector, office: Office
) -> None:
    old = office.crm.add("Contact", {"LastName": "Old", "Phone": KNOWN})
    for name in ("kept by hand", "moved", "nobody's"):
        call(office, name, STRANGER if name == "nobody's" else KNOWN)
    connector("sync")
    hers = office.crm.add("Contact", {"LastName": "Hers"})
    tasks = {key: str(task["Id"]) for key, task in office.tasks().items()}
    office.crm.change(tasks["calls:kept by hand"], WhoId=hers)
    office.crm.change(old, Phone=None)
    office.crm.add("Contact", {"LastName": "New", "Phone": KNOWN})
    connector("sync", "directory")

    said = connector("relink", "calls")
    again = connector("relink", "calls")

    cost, _, row = said.out.splitlines()
    assert cost.startswith(
        "3 records: up to about 2 CRM calls, of which those are spared where nothing"
        " changes (of "
    )
    assert "1 changed, 1 linked by hand and left, 1 kept" in row
    assert "0 changed, 1 linked by hand and left, 2 kept" in again.out
    assert office.tasks()["calls:kept by hand"]["WhoId"] == hers


@pytest.mark.parametrize(
    "command",
    [
        ("relink", "directory"),
        ("preview", "directory"),
        ("backfill", "directory", "--from", "2026-01-01", "--to", "2026-01-31"),
    ],
)
def test_what_has_no_records_says_what_to_do_with_it(
    connector: Connector, command: tuple[str, ...]
) -> None:
    said = connector(*command)

    assert said.code == 2
    assert "`connector sync directory` brings it up to date" in said.err
