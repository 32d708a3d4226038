"""The port's operations end to end, against the sandbox's org."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connector.clock import SystemClock
from connector.crm.salesforce.crm import SalesforceConfig, SalesforceCrm
from connector.errors import (
    BatchRefusedError,
    QuotaReachedError,
    SchemaMismatchError,
    UnauthorizedError,
)
from connector.model import (
    Condition,
    Payload,
    Query,
    Quota,
    Refused,
    Remedy,
    Written,
)
from connector.ports import Crm
from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.server import Server

KEY = "Call_Key__c"
SECRET = "hush"  # noqa: S105  # opens nothing
USER = "bot@example.com"


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def sandbox(private_key: rsa.RSAPrivateKey) -> SalesforceSandbox:
    public = private_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SalesforceSandbox(
        client_id="our-app",
        client_secret=SECRET,
        username=USER,
        public_key=public.decode(),
        limit=1000,
    )


@pytest.fixture
def org_url(sandbox: SalesforceSandbox) -> Iterator[str]:
    with Server(sandbox.app) as server:
        yield server.url


@pytest.fixture
def crm(org_url: str) -> Iterator[Crm]:
    config = SalesforceConfig(url=org_url, client_id="our-app", client_secret=SECRET)
    crm = SalesforceCrm(config, SystemClock())
    yield crm
    crm.close()


def task(key: str, **more: str | int | None) -> Payload:
    return {KEY: key, "Subject": f"Call {key}", "Status": "Completed", **more}


def created(crm: Crm, *rows: Payload) -> list[str]:
    outcomes = crm.create("Task", rows)
    assert all(isinstance(outcome, Written) for outcome in outcomes)
    return [one.crm_id for one in outcomes if isinstance(one, Written)]


def test_a_signed_assertion_opens_the_org(
    org_url: str, private_key: rsa.RSAPrivateKey
) -> None:
    pem = private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    config = SalesforceConfig(
        url=org_url, client_id="our-app", username=USER, private_key=pem
    )
    crm = SalesforceCrm(config, SystemClock())

    described = crm.describe("Task")

    crm.close()
    assert described.name == "Task"


def test_a_wrong_secret_is_refused(org_url: str) -> None:
    config = SalesforceConfig(
        url=org_url,
        client_id="our-app",
        client_secret="guess",  # noqa: S106  # opens nothing
    )
    crm = SalesforceCrm(config, SystemClock())

    with pytest.raises(UnauthorizedError, match="invalid_client"):
        crm.describe("Task")

    crm.close()


def test_the_tasks_schema_is_what_a_mapping_is_checked_against(crm: Crm) -> None:
    fields = crm.describe("Task").fields

    assert fields[KEY].external_id
    assert fields[KEY].unique
    assert fields["TaskSubtype"].createable
    assert not fields["TaskSubtype"].updateable
    assert "Call" in fields["TaskSubtype"].choices
    assert set(fields["WhoId"].references) == {"Contact", "Lead"}
    assert (fields["WhoId"].relationship, fields["WhoId"].polymorphic) == ("Who", True)
    assert fields["Subject"].length == 255


def test_an_object_that_the_org_lacks_is_named(crm: Crm) -> None:
    with pytest.raises(SchemaMismatchError, match="Taskk"):
        crm.describe("Taskk")


def test_a_session_that_ended_is_renewed_on_the_way(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    crm.describe("Task")
    sandbox.expire_sessions()

    assert len(created(crm, task("a"), task("b"))) == 2


def test_a_create_that_is_repeated_names_the_records_that_are_there(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    crm.describe("Task")
    first, second = created(crm, task("a"), task("b"))

    again = crm.create("Task", [task("a"), task("c"), task("b")])

    assert isinstance(again[1], Written)
    assert [
        (one.remedy, one.crm_id, one.fields)
        for one in again
        if isinstance(one, Refused)
    ] == [
        (Remedy.EXISTS, first, (KEY,)),
        (Remedy.EXISTS, second, (KEY,)),
    ]
    assert len(sandbox.rows("Task")) == 3


def test_an_upsert_creates_and_updates(crm: Crm) -> None:
    (known,) = created(crm, task("a"))

    found, new = crm.upsert("Task", KEY, [task("a", Description="late"), task("b")])

    assert found == Written(crm_id=known, created=False)
    assert isinstance(new, Written)
    assert new.created


def test_an_update_of_a_record_that_an_agent_deleted_finds_it_gone(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    kept, deleted = created(crm, task("a"), task("b"))
    sandbox.delete(deleted)

    outcomes = crm.update(
        "Task",
        [{"Id": kept, "Description": "late"}, {"Id": deleted, "Description": "late"}],
    )

    assert outcomes[0] == Written(crm_id=kept, created=False)
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].remedy is Remedy.GONE


def test_a_locked_row_is_tried_again_and_the_rest_go_in(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    sandbox.lock("a")

    outcomes = crm.upsert("Task", KEY, [task("a"), task("b")])

    assert isinstance(outcomes[0], Refused)
    assert outcomes[0].remedy is Remedy.RETRY
    assert isinstance(outcomes[1], Written)


def test_a_text_that_is_too_long_is_set_aside_with_the_crms_words(crm: Crm) -> None:
    (outcome,) = crm.create("Task", [task("a", Subject="x" * 300)])

    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.remedy) == ("STRING_TOO_LONG", Remedy.SET_ASIDE)
    assert outcome.fields == ("Subject",)


def test_a_link_to_nobody_is_named_to_be_left_out(crm: Crm) -> None:
    (outcome,) = crm.create("Task", [task("a", WhoId="003000000000999AAA")])

    assert isinstance(outcome, Refused)
    assert (outcome.remedy, outcome.fields) == (Remedy.UNLINK, ("WhoId",))


def test_a_value_of_the_wrong_type_refuses_the_whole_batch(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    with pytest.raises(BatchRefusedError):
        crm.create("Task", [task("a"), task("b", ActivityDate="soon")])

    assert sandbox.rows("Task") == []


def test_a_field_that_was_removed_is_a_mismatch_of_the_schema(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    sandbox.remove_field("Task", "CallObject")

    with pytest.raises(SchemaMismatchError, match="CallObject"):
        crm.create("Task", [task("a", CallObject="x")])


def test_records_are_found_by_awkward_text_and_over_many_pages(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    awkward = 'O\'Neil \\ "7" \n 100% ünï😀'
    for number in range(2100):
        sandbox.add("Contact", {"LastName": f"Number {number}"})
    sandbox.add("Contact", {"LastName": awkward})

    everyone = list(crm.select(Query(object="Contact", fields=("LastName",))))
    is_awkward = Condition(field="LastName", operator="is", value=awkward)
    (found,) = crm.select(
        Query(object="Contact", fields=("LastName", "Owner.Name"), where=(is_awkward,))
    )

    assert len(everyone) > 2100
    assert found["LastName"] == awkward
    assert found["Owner.Name"]


def test_a_list_of_a_thousand_keys_is_found_completely(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    keys = tuple(f"callyzer:{number}" for number in range(1000))
    for key in keys:
        sandbox.add("Task", {KEY: key})
    wanted = Condition(field=KEY, operator="in", value=keys)

    found = list(crm.select(Query(object="Task", fields=(KEY,), where=(wanted,))))

    assert sorted(str(one[KEY]) for one in found) == sorted(keys)


def test_whom_a_task_is_on_is_read_whatever_object_it_is_of(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    contact = {"LastName": "Rao", "Phone": "1", "HomePhone": "2"}
    lead = {"LastName": "Iyer", "Company": "Initech", "Phone": "3"}
    account = sandbox.add("Account", {"Name": "Initech", "Phone": "4"})
    who = (sandbox.add("Contact", contact), sandbox.add("Lead", lead), None)
    for key, whom in zip("abc", who, strict=True):
        sandbox.add("Task", {KEY: key, "WhoId": whom, "WhatId": None})
    sandbox.add("Task", {KEY: "d", "WhatId": account})
    typed: dict[str, dict[str, tuple[str, ...]]] = {
        "Who": {"Contact": ("Phone", "HomePhone"), "Lead": ("Phone",)},
        "What": {"Opportunity": ("Name",)},
        "Owner": {"User": ("Email", "Call_Agent_Id__c"), "Group": ()},
    }
    wanted = (Condition(field=KEY, operator="in", value=tuple("abcd")),)

    query = Query(object="Task", fields=(KEY,), where=wanted, typed=typed)
    found = {one[KEY]: one for one in crm.select(query)}

    assert {
        key: (one["Who.Phone"], one["Who.HomePhone"]) for key, one in found.items()
    } == {
        "a": ("1", "2"),
        "b": ("3", None),
        "c": (None, None),
        "d": (None, None),
    }
    assert {one["What.Name"] for one in found.values()} == {None}
    assert all(one["Owner.Email"] for one in found.values())
    assert {one["Owner.Call_Agent_Id__c"] for one in found.values()} == {None}


def test_deleted_records_are_seen_only_when_asked_for(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    (gone,) = created(crm, task("a"))
    sandbox.delete(gone)
    wanted = (Condition(field=KEY, operator="is", value="a"),)

    without = list(crm.select(Query(object="Task", fields=("Id",), where=wanted)))
    query = Query(object="Task", fields=("Id",), where=wanted, deleted_too=True)

    assert without == []
    assert [one["Id"] for one in crm.select(query)] == [gone]


def test_the_quota_is_read_on_the_way_and_its_reserve_is_kept(
    crm: Crm, sandbox: SalesforceSandbox
) -> None:
    sandbox.use(799)
    created(crm, task("a"))

    with pytest.raises(QuotaReachedError):
        crm.create("Task", [task("b")])

    quota = crm.quota(fresh=True)
    assert quota == Quota(used=sandbox.used, limit=1000)
    assert len(sandbox.rows("Task")) == 1
