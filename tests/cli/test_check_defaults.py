"""``connector check``: the records that a file names as defaults."""

import pytest

from tests.cli.conftest import Connector
from tests.service.office import MAPPING, Office

OWNER = "  OwnerId: {{find: User, by: phone, from: agent.phone, none: default, default: {}}}\n"
WHAT = "  WhatId: {{find: Account, by: phone, from: customer.phone, none: default, default: {}}}\n"
DIRECTORY = """\
flow: people
directory:
  Account: {phones: [Phone]}
  User: {phones: [MobilePhone]}
every: 5 minutes
"""
LINE = 1 + len(MAPPING.splitlines())


@pytest.fixture(autouse=True)
def directory(office: Office) -> None:
    office.write(DIRECTORY, "directory.yaml")


def users(office: Office, *, active: bool) -> list[str]:
    rows = office.crm.rows("User")
    return [str(user["Id"]) for user in rows if user["IsActive"] is active]


def test_a_default_that_is_there_is_good(connector: Connector, office: Office) -> None:
    account = office.crm.add("Account", {"Name": "Everybody else"})
    owner = OWNER.format(users(office, active=True)[0])
    office.write(MAPPING + owner + WHAT.format(account))

    assert connector("check").code == 0


def test_an_owner_who_is_inactive_is_said(connector: Connector, office: Office) -> None:
    leaver = users(office, active=False)[0]
    path = office.write(MAPPING + OWNER.format(leaver))

    said = connector("check")

    assert said.code == 2
    assert f"{path}:{LINE}:3: User {leaver} is inactive" in said.out


@pytest.mark.parametrize("rule", [OWNER, WHAT], ids=["owner", "what"])
def test_a_default_of_another_object_is_said(
    connector: Connector, office: Office, rule: str
) -> None:
    contact = office.crm.add("Contact", {"LastName": "Somebody"})
    path = office.write(MAPPING + rule.format(contact))

    said = connector("check")

    assert said.code == 2
    assert f"{path}:{LINE}:3: {contact} is no id of " in said.out


def test_a_default_that_is_not_there_is_said(
    connector: Connector, office: Office
) -> None:
    account = office.crm.add("Account", {"Name": "Gone"})
    office.crm.delete(account)
    path = office.write(MAPPING + WHAT.format(account))

    said = connector("check")

    assert said.code == 2
    assert f"{path}:{LINE}:3: the CRM has no Account {account}" in said.out
