"""The file that says whom the directory knows, on its own and against the CRM."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.mapping.between import with_keys
from connector.mapping.check_directory import check_directory
from connector.mapping.faults import Fault
from connector.mapping.flow import World
from connector.model import Condition, CrmField, CrmObject
from tests.mapping.loading import faults_of, load_directory, load_push

# ── on its own ─────────────────────────────────────────────────────────────


def test_it_becomes_a_flow(directory: str, world: World) -> None:
    flow = load_directory(directory, "mappings/directory.yaml", world)

    assert (flow.name, flow.file) == ("directory", "mappings/directory.yaml")
    assert (flow.every, flow.cron) == (timedelta(minutes=5), None)
    assert flow.zone.key == "UTC"
    assert flow.regions == ("IN", "US")
    contact, lead, user = flow.objects
    assert (contact.name, contact.phones, contact.emails, contact.country) == (
        "Contact",
        ("Phone", "MobilePhone"),
        ("Email",),
        "MailingCountry",
    )
    assert lead.where == (Condition(field="IsConverted", operator="is", value=False),)
    assert (lead.emails, lead.country, lead.keys) == ((), None, ())
    assert user.place == (8, 3)
    assert user.places["IsActive"] == (8, 52)


def test_it_may_run_at_set_times(directory: str, world: World) -> None:
    clock = "cron: '0 6 * * *'\nzone: Asia/Kolkata"

    flow = load_directory(directory.replace("every: 5 minutes", clock), "x.yaml", world)

    assert (flow.every, flow.cron, flow.zone.key) == (None, "0 6 * * *", "Asia/Kolkata")


def test_what_must_not_be_several_values_is_asked_one_by_one(
    directory: str, world: World
) -> None:
    where = "Rating: {not: [Cold, Spam]}, Score__c: {in: [1, 2]}"
    text = directory.replace("IsConverted: {is: false}", where)

    flow = load_directory(text, "x.yaml", world)

    assert flow.objects[1].where == (
        Condition(field="Rating", operator="not", value="Cold"),
        Condition(field="Rating", operator="not", value="Spam"),
        Condition(field="Score__c", operator="in", value=(1, 2)),
    )


def test_a_time_without_a_zone_is_in_the_files(directory: str, world: World) -> None:
    where = "Seen__c: {at least: 2026-01-31T09:00:00}"
    text = directory.replace("IsConverted: {is: false}", where) + "zone: Asia/Kolkata\n"

    (condition,) = load_directory(text, "x.yaml", world).objects[1].where

    assert condition.value == datetime(2026, 1, 31, 3, 30, tzinfo=UTC)


WRONG: dict[str, tuple[str, str, int, str]] = {
    "nothing to know somebody by": (
        "{phones: [Phone], where: {IsConverted: {is: false}}}",
        "{where: {IsConverted: {is: false}}}",
        7,
        "'phones' or 'emails' is missing (such as phones: [Phone, MobilePhone])",
    ),
    "an unknown key": ("country:", "contry:", 6, "did you mean 'country'?"),
    "an unknown key of the file": ("every:", "evry:", 9, "did you mean 'every'?"),
    "a push file's key": (
        "every: 5 minutes",
        "every: 5 minutes\nreread: 1 day",
        10,
        "unknown key 'reread'",
    ),
    "where it begins": (
        "every: 5 minutes",
        "every: 5 minutes\nfrom: {system: callyzer, stream: call_logs, since: 1 day}",
        10,
        "unknown key 'from'",
    ),
    "no clock": ("every: 5 minutes\n", "", 1, "'every' or 'cron' is missing"),
    "two clocks": ("every: 5 minutes", "every: 1 day\ncron: '* * * * *'", 10, "one"),
    "a bad zone": ("every: 5 m", "zone: Asia\nevery: 5 m", 9, "unknown time zone"),
    "no fields": ("phones: [Phone, MobilePhone]", "phones: []", 4, "not be empty"),
    "one field without brackets": ("emails: [Email]", "emails: Email", 5, "be a list"),
    "a country in brackets": (
        "country: MailingCountry",
        "country: [MailingCountry]",
        6,
        "country: must be one name or text, not a list",
    ),
    "a field twice": ("[Phone, Mob", "[Phone, phone, Mob", 4, "'phone' is here twice"),
    "an object twice by case": ("  Lead:", "  contact:", 7, "are the same object"),
    "a name that can't be one": ("Lead:", "Le ad:", 7, "letters, digits and _"),
    "a bare condition": ("{is: true}", "true", 8, "must say how to compare"),
    "an unknown operator": ("{is: true}", "{ist: true}", 8, "unknown key 'ist'"),
    "fields that differ by case": (
        "IsActive: {is: true}",
        "IsActive: {is: true}, isActive: {is: true}",
        8,
        "are the same field",
    ),
    "an object that is no mapping": (
        "  Lead: {phones: [Phone], where: {IsConverted: {is: false}}}",
        "  Lead: [Phone]",
        7,
        "must be a mapping",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told_with_its_line(
    directory: str, world: World, case: tuple[str, str, int, str]
) -> None:
    right, wrong, line, told = case
    assert right in directory

    faults = faults_of(directory.replace(right, wrong, 1), world)

    assert any(told in str(f) and f.line == line for f in faults), faults


@pytest.mark.parametrize("empty", ["directory: {}", "directory: null", "directory: []"])
def test_a_directory_of_nobody_is_told(world: World, empty: str) -> None:
    (fault,) = faults_of(f"flow: x\nevery: 1 hour\n{empty}\n", world)

    assert fault.line == 3


def test_a_slip_in_the_word_directory_is_told(directory: str, world: World) -> None:
    faults = faults_of(directory.replace("directory:", "directry:"), world)

    assert any("did you mean 'directory'?" in fault.hint for fault in faults)


# ── against the CRM ────────────────────────────────────────────────────────


Checked = Callable[[str, str], tuple[Fault, ...]]


@pytest.fixture
def checked(directory: str, world: World, people: Mapping[str, CrmObject]) -> Checked:
    """What the CRM says of the file with one part of it changed."""

    def check(right: str, wrong: str) -> tuple[Fault, ...]:
        assert right in directory
        text = directory.replace(right, wrong, 1)
        return check_directory(load_directory(text, "x.yaml", world), people)

    return check


def test_a_good_file_has_no_faults(checked: Checked) -> None:
    assert checked("directory", "directory") == ()


WHERE = "IsConverted: {is: false}"
UNFIT: dict[str, tuple[str, str, str]] = {
    "an unknown object": (
        "Lead:",
        "Leed:",
        (
            "x.yaml:7:3: the CRM has no object 'Leed' that this user may see "
            "(did you mean 'Lead'?)"
        ),
    ),
    "an unknown phone": (
        "MobilePhone]",
        "MobilPhone]",
        "x.yaml:4:21: Contact has no field 'MobilPhone' (did you mean 'MobilePhone'?)",
    ),
    "an unknown email": ("[Email]", "[Emale]", "x.yaml:5:14: Contact has no field"),
    "an unknown country": ("MailingC", "MailngC", "x.yaml:6:14: Contact has no field"),
    "an unknown condition": (
        "IsActive",
        "IsActiv",
        "x.yaml:8:52: User has no field 'IsActiv' (did you mean 'IsActive'?)",
    ),
    "a phone that is none": (
        "[Phone, M",
        "[Notes__c, M",
        "x.yaml:4:14: Notes__c is te",
    ),
    "an email that is none": ("[Email]", "[Phone]", "Phone is phone: addresses are in"),
    "a country that is none": ("MailingCountry", "Email", "countries are in fields"),
    "a field of parts": (WHERE, "Place__c: {blank: true}", "Place__c is address, and"),
    "no day": (WHERE, "Born__c: {at least: soon}", "'soon' is not date, as Born__c is"),
    "no moment": (WHERE, "Seen__c: {at least: 7}", "7 is not datetime, as Seen__c is"),
    "text for yes or no": (WHERE, "IsConverted: {is: 'no'}", "'no' is not boolean"),
    "text for a number": (WHERE, "Score__c: {at least: x}", "'x' is not number"),
    "yes or no for a number": (WHERE, "Score__c: {is: true}", "True is not number"),
}


@pytest.mark.parametrize("case", UNFIT.values(), ids=UNFIT.keys())
def test_what_the_crm_does_not_have_is_told(
    checked: Checked, case: tuple[str, str, str]
) -> None:
    right, wrong, told = case

    (fault,) = checked(right, wrong)

    assert told in str(fault)
    assert fault.severity == "error"


@pytest.mark.parametrize(
    "where",
    [
        "Notes__c: {blank: true}",
        "Score__c: {blank: false}",
        "Tags__c: {in: [a, b]}",
        "Born__c: {at most: 2026-01-31}",
        "EmployeeNumber: {in: [a, 7]}",
        "Seen__c: {at least: 2026-01-31T09:00:00Z}",
        "Score__c: {in: [1, 2.5]}",
        "Rating: {not: [Cold, Spam]}",
        "AccountId: {blank: false}",
    ],
)
def test_what_the_crm_can_be_asked_is_no_fault(checked: Checked, where: str) -> None:
    assert checked(WHERE, where) == ()


def test_the_fields_that_the_flows_look_by_are_checked_too(
    directory: str, linked: str, world: World, people: Mapping[str, CrmObject]
) -> None:
    def told(name: str) -> list[str]:
        flow = load_push(linked.replace("EmployeeNumber", name), "y.yaml", world)
        keyed = with_keys(load_directory(directory, "x.yaml", world), [flow])
        return [
            str(fault).partition(" (")[0] for fault in check_directory(keyed, people)
        ]

    assert told("EmployeeNumber") == []
    assert told("EmployeNumber") == ["x.yaml:8:3: User has no field 'EmployeNumber'"]
    assert told("Notes__c")[0].startswith("x.yaml:8:3: Notes__c is textarea: a mapping")


def test_a_choice_that_nobody_has_is_told_of_the_directory_too(
    directory: str, world: World, people: Mapping[str, CrmObject]
) -> None:
    rated = CrmField(name="Rating", type="picklist", choices=("Hot", "Warm"))
    lead = replace(people["Lead"], fields={**people["Lead"].fields, "Rating": rated})
    text = directory.replace("{IsConverted: {is: false}}", "{Rating: {is: Hott}}")

    flow = load_directory(text, "x.yaml", world)

    (fault,) = check_directory(flow, {**people, "Lead": lead})
    assert fault.message == "'Hott' is not a choice of Rating"
    assert fault.hint == "did you mean 'Hot'?"
    assert fault.severity == "warning"
