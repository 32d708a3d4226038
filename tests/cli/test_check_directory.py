"""``connector check``: who is looked for and made, and what the directory costs."""

import pytest

from tests.cli.conftest import Connector
from tests.service.office import MAPPING, Office

DIRECTORY = """\
flow: people
directory:
  Contact: {phones: [Phone, MobilePhone], country: MailingCountry}
  Lead: {phones: [Phone], where: {IsConverted: {is: false}}}
  User: {phones: [MobilePhone]}
every: 5 minutes
"""
WHO = (
    "  WhoId: {find: [Contact, Lead], by: phone, from: customer.phone, none: create}\n"
)


def test_a_good_directory_is_said_to_be_good_with_what_it_costs(
    connector: Connector, office: Office
) -> None:
    office.write(MAPPING + WHO)
    office.write(DIRECTORY, "directory.yaml")

    said = connector("check")

    assert said.code == 0
    assert "people: 288 runs a day, 3 CRM calls each: 864, 0.9% of its 100,000" in (
        said.out
    )


def test_a_directory_by_cron_says_when_it_runs(
    connector: Connector, office: Office
) -> None:
    text = DIRECTORY.replace("every: 5 minutes", "cron: '0 6 * * *'")
    office.write(text, "directory.yaml")

    assert "people: runs at 0 6 * * *, 3 CRM calls each\n" in connector("check").out


def test_what_the_crm_lacks_of_the_directory_is_said_where_the_file_names_it(
    connector: Connector, office: Office
) -> None:
    text = DIRECTORY.replace("Lead:", "Leed:").replace("MailingC", "MailngC")
    path = office.write(text, "directory.yaml")

    said = connector("check")

    assert said.code == 2
    assert f"{path}:3:52: Contact has no field 'MailngCountry' (did you" in said.out
    assert (
        f"{path}:4:3: the CRM has no object 'Leed' that this user may see" in said.out
    )


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (
            WHO.replace("none", "create: {fields: {Cty: {value: x}}}, none"),
            "field 'Cty'",
        ),
        (
            "  WhatId: {find: [Csae, Account], by: id, from: note}\n",
            "the CRM has no object 'Csae' that this user may see",
        ),
        (
            "  OwnerId: {find: User, by: field EmployeNumber, from: emp_code}\n",
            "User has no field 'EmployeNumber' (did you mean 'EmployeeNumber'?)",
        ),
    ],
)
def test_what_the_crm_lacks_of_whom_is_looked_for_is_said(
    connector: Connector, office: Office, field: str, told: str
) -> None:
    path = office.write(MAPPING + field)
    office.write(DIRECTORY, "directory.yaml")

    said = connector("check")

    assert said.code == 2
    assert f"{path}:14:" in said.out
    assert told in said.out


def test_who_is_not_in_the_directory_is_said_without_the_crm(
    bare: Connector, office: Office
) -> None:
    office.write(MAPPING + WHO)

    said = bare("check", "--offline")

    assert said.code == 2
    assert (
        "calls.yaml:14:3: Contact is looked up in the directory, and no file"
        in said.out
    )
