"""Push files and the directory file: what each needs of the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connector.mapping.load import Folder, World, load_folder

Put = Callable[..., Folder]


@pytest.fixture
def put(tmp_path: Path, world: World) -> Put:
    """Load a folder with these files, by name without ``.yaml``."""

    def load(**files: str) -> Folder:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        return load_folder(tmp_path, world)

    return load


def said(folder: Folder) -> list[str]:
    return [
        f"{Path(fault.file).name}:{fault.line}: {fault.message} ({fault.hint})"
        for fault in folder.faults
    ]


def test_the_directory_is_apart_from_the_flows(
    put: Put, example: str, directory: str
) -> None:
    folder = put(calls=example, directory=directory)

    assert [flow.name for flow in folder.flows] == ["callyzer-call-logs"]
    assert folder.directory is not None
    assert folder.directory.name == "directory"
    assert folder.faults == ()


def test_without_a_directory_file_there_is_none(put: Put, example: str) -> None:
    assert put(calls=example).directory is None


def test_the_directory_gets_the_fields_that_the_flows_look_by(
    put: Put, linked: str, directory: str
) -> None:
    names = ["Zone__c", "Alias", "EmployeeNumber", "Code__c", "Badge__c"]
    files = {
        f"flow{at}": linked.replace("linked", f"linked-{at}").replace(
            "find: User, by: field EmployeeNumber",
            f"find: [User, Group], by: field {name}",
        )
        for at, name in enumerate(names)
    }

    folder = put(**files, directory=directory)

    assert folder.faults == ()
    assert folder.directory is not None
    assert {each.name: each.keys for each in folder.directory.objects} == {
        "Contact": (),
        "Lead": (),
        "User": tuple(sorted(names)),
    }


def test_a_flow_that_cannot_run_asks_nothing_of_the_directory(
    put: Put, linked: str, directory: str
) -> None:
    broken = linked.replace("find: [Contact, Lead]", "find: [Contact, Account]")

    folder = put(a=broken, directory=directory)

    assert folder.flows == ()
    assert folder.directory is not None
    assert [each.keys for each in folder.directory.objects] == [(), (), ()]


def test_whoever_is_looked_up_must_be_in_the_directory(
    put: Put, linked: str, directory: str
) -> None:
    wrong = (
        linked.replace("find: [Contact, Lead]", "find: [Contct, Account, Lead]")
        .replace("by: email, from: agent.email", "by: phone, from: agent.phone")
        .replace("WhatId: {find: [Case, Account, Opportunity], by: id, from: ticket.id}",
                 "WhatId: {find: Lead, by: email, from: agent.email}")
    )  # fmt: skip
    there = directory.replace(
        "User: {phones: [Phone], emails: [Email]", "User: {emails: [Email]"
    )

    folder = put(calls=wrong, directory=there)

    assert folder.flows == ()
    path = str(Path(folder.faults[0].file).with_name("directory.yaml"))
    assert said(folder) == [
        (
            f"calls.yaml:8: User has no phones in {path} (add phones: [Phone, MobilePhone] "
            "to it)"
        ),
        f"calls.yaml:10: Contct is not in {path} (did you mean 'Contact'?)",
        (
            f"calls.yaml:10: Account is not in {path} (add Account: {{phones: [Phone]}} to "
            "it)"
        ),
        f"calls.yaml:19: Lead has no emails in {path} (add emails: [Email] to it)",
        (
            f"calls.yaml:21: User has no phones in {path} (add phones: [Phone, MobilePhone] "
            "to it)"
        ),
    ]


def test_without_a_directory_file_the_way_to_begin_one_is_told(
    put: Put, load_find: Callable[[str], str]
) -> None:
    folder = put(calls=load_find("{find: Contact, by: phone, from: customer.phone}"))

    assert folder.flows == ()
    assert said(folder) == [
        (
            "calls.yaml:7: Contact is looked up in the directory, and no file has that "
            '(begin a file with "flow: directory" and "directory: {Contact: {phones: '
            '[Phone, MobilePhone]}}")'
        )
    ]


@pytest.fixture
def load_find() -> Callable[[str], str]:
    """A file with one link."""

    def text(find: str) -> str:
        return (
            "flow: one\n"
            "from: {system: callyzer, stream: call_logs, since: 7 days}\n"
            "every: 1 minute\n"
            "to: {object: Task, key: Call_Key__c}\n"
            "fields:\n"
            '  Call_Key__c: {template: "callyzer:{id}"}\n'
            f"  WhoId: {find}\n"
        )

    return text


@pytest.mark.parametrize(
    "find",
    [
        "{find: [Case, Account], by: id, from: ticket.id}",
        "{find: Person__c, by: field Code__c, from: emp_code}",
    ],
)
def test_who_is_asked_of_the_crm_needs_no_directory(
    put: Put, load_find: Callable[[str], str], find: str
) -> None:
    folder = put(calls=load_find(find))

    assert folder.faults == ()
    assert len(folder.flows) == 1


@pytest.mark.parametrize(
    ("internal", "good"),
    [
        ("skip", False),
        ("{calls: skip}", False),
        ("{calls: skip, numbers: ['98200 11999']}", True),
    ],
)
def test_colleagues_are_users_of_the_directory_or_listed(
    put: Put, example: str, internal: str, *, good: bool
) -> None:
    folder = put(calls=f"{example}internal: {internal}\n")

    assert (len(folder.flows) == 1) is good
    assert [fault.line for fault in folder.faults] == ([] if good else [19])


def test_a_record_is_not_made_where_it_would_not_be_found_again(
    put: Put, load_find: Callable[[str], str], directory: str
) -> None:
    made = "{find: Lead, by: phone, from: customer.phone, none: create}"
    mobile = directory.replace("Lead: {phones: [Phone]", "Lead: {phones: [MobilePhone]")

    folder = put(calls=load_find(made), directory=mobile)

    assert folder.flows == ()
    (fault,) = folder.faults
    assert fault.line == 7
    assert "none of MobilePhone gets its number" in fault.message
    hint = "add create: {fields: {MobilePhone: {from: customer.phone, as: phone}}}"
    assert fault.hint == hint
    mended = made.replace("}", f", {hint.removeprefix('add ')}}}")
    assert put(calls=load_find(mended), directory=mobile).faults == ()


NEVER_THERE = "a Lead made here is not in the directory: "
UNTOLD = "whether a Lead made here is in the directory can't be told: "
MAKING = "{find: Lead, by: phone, from: customer.phone, none: create, create: {%s}}"


@pytest.mark.parametrize(
    ("where", "create", "told"),
    [
        ("IsConverted: {is: false}", "", ""),
        ("IsConverted: {is: true}", "", NEVER_THERE),
        ("LeadSource: {is: Web}", "", UNTOLD),
        ("LeadSource: {is: Web}", "key: Key__c", ""),
        ("LeadSource: {is: Web}", "fields: {LeadSource: {value: web}}", ""),
        ("LeadSource: {is: Web}", "fields: {LeadSource: {value: Call}}", NEVER_THERE),
        ("LeadSource: {is: Web}", "fields: {LeadSource: {from: note}}", UNTOLD),
        (
            "LeadSource: {is: Web}",
            "key: Key__c, fields: {LeadSource: {value: Call}}",
            NEVER_THERE,
        ),
        ("LeadSource: {in: [Web, Call]}", "fields: {LeadSource: {value: Call}}", ""),
        (
            "LeadSource: {in: [Web, Fax]}",
            "fields: {LeadSource: {value: Call}}",
            NEVER_THERE,
        ),
        ("Score__c: {at least: 5}", "fields: {Score__c: {value: 4}}", NEVER_THERE),
        ("Score__c: {at least: 5}", "fields: {Score__c: {value: 5}}", ""),
        (
            "Born__c: {at least: 2026-01-01}",
            "fields: {Born__c: {value: 2026-02-01}}",
            "",
        ),
        ("Phone: {blank: false}", "", ""),
        ("Phone: {blank: true}", "", NEVER_THERE),
        ("Company: {blank: false}", "", ""),
        ("Email: {blank: false}", "", UNTOLD),
        ("CreatedDate: {at least: 2026-01-01}", "", UNTOLD),
    ],
)
def test_a_record_is_not_made_where_the_directory_may_leave_it_out(
    put: Put, load_find: Callable[[str], str], where: str, create: str, told: str
) -> None:
    directory = f"flow: directory\nevery: 1 minute\ndirectory:\n  Lead: {{phones: [Phone], where: {{{where}}}}}\n"

    folder = put(calls=load_find(MAKING % create), directory=directory)

    assert [fault.line for fault in folder.faults] == ([7] if told else [])
    for fault in folder.faults:
        assert fault.message.startswith(told)
        assert f"directory.yaml wants {where}" in fault.message


def test_there_is_one_directory(put: Put, directory: str, linked: str) -> None:
    folder = put(a=directory, b=directory.replace("flow: d", "flow: other-d"), c=linked)

    assert folder.directory is None
    assert folder.flows == ()
    clash, *others = folder.faults
    assert Path(clash.file).name == "b.yaml"
    assert clash.line == 3
    assert "there is one directory, and" in clash.message
    assert {fault.hint for fault in others} == {"mend that file first"}


def test_a_broken_directory_is_said_to_be_broken(
    put: Put, directory: str, linked: str
) -> None:
    folder = put(calls=linked, directory=directory.replace("emails:", "emals:", 1))

    assert folder.directory is None
    assert folder.flows == ()
    slip, *others = folder.faults
    assert "did you mean 'emails'?" in slip.hint
    assert all("directory.yaml is broken" in fault.message for fault in others)


def test_a_directorys_name_is_its_own(put: Put, example: str, directory: str) -> None:
    named = directory.replace("flow: directory", "flow: Callyzer-call-logs")

    folder = put(calls=example, people=named)

    assert (folder.flows, folder.directory) == ((), None)
    (fault,) = folder.faults
    assert fault.hint == "give one of them another name"
