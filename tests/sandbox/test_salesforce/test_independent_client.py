"""A library that others wrote speaks to the org without knowing what it is.

simple-salesforce speaks https only: an adapter on its session
rewrites its requests to the loopback address.
"""

from collections.abc import Iterator, Mapping
from typing import cast

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce, SFType
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
)
from typing_extensions import override

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import ID, SECRET, Json, task


class ToLoopback(HTTPAdapter):
    """Sends what is meant for an org to ``url``."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    @override
    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        host = "https://" + str(request.url).split("/")[2]
        request.url = str(request.url).replace(host, self._url)
        return super().send(request, stream, 10, verify, None, proxies)


@pytest.fixture
def org(url: str) -> Iterator[Salesforce]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", ToLoopback(url))
        yield Salesforce(
            consumer_key=ID,
            consumer_secret=SECRET,
            domain="sandbox.my",
            session=session,
        )


def tasks(org: Salesforce) -> SFType:
    return cast(SFType, org.Task)


def test_it_logs_in_and_describes(org: Salesforce) -> None:
    described = tasks(org).describe()
    listed = org.describe()

    assert described is not None
    assert listed is not None
    assert "Call_Key__c" in {field["name"] for field in described["fields"]}
    assert "Task" in {one["name"] for one in listed["sobjects"]}


def test_it_writes_a_collection_and_queries_it_in_pages(
    org: Salesforce, sandbox: SalesforceSandbox
) -> None:
    path = "composite/sobjects/Task/Call_Key__c"
    for batch in range(11):
        records = [task(Call_Key__c=f"{batch}-{n}") for n in range(200)]
        items = org.restful(path, method="PATCH", json={"records": records})
        assert all(cast(Json, item)["created"] for item in items or ())

    found = org.query_all("SELECT Id, Call_Key__c, Who.Name FROM Task")

    keys = {record["Call_Key__c"] for record in found["records"]}
    assert (found["totalSize"], len(keys)) == (2200, 2200)
    assert org.api_usage["api-usage"].used == sandbox.used


def test_it_writes_reads_and_deletes_one_record(org: Salesforce) -> None:
    record_id = cast(str, tasks(org).create({"Subject": "a"})["id"])

    tasks(org).update(record_id, {"Subject": "b"})
    by_id = cast(Json, tasks(org).get(record_id))
    tasks(org).upsert("Call_Key__c/k", {"Subject": "c"})
    by_key = cast(Json, tasks(org).get_by_custom_id("Call_Key__c", "k"))
    tasks(org).delete(record_id)

    assert (by_id["Subject"], by_key["Subject"]) == ("b", "c")
    assert org.query("SELECT COUNT() FROM Task")["totalSize"] == 1


def test_its_errors_are_those_of_the_crm(
    org: Salesforce, sandbox: SalesforceSandbox
) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        org.query("SELECT Subjekt FROM Task")

    sandbox.use(100_000)

    with pytest.raises(SalesforceRefusedRequest, match="REQUEST_LIMIT_EXCEEDED"):
        org.query("SELECT Id FROM Task")
