"""What opens the org of the tests, the clock it runs by, and what tests send."""

import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row

ID = "the-app"
SECRET = "the-app's secret"  # noqa: S105 - opens nothing
USERNAME = "robot@sandbox.example"
PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_KEY = (
    PRIVATE_KEY.public_key()
    .public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    .decode()
)

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loading certificates that nobody needs would take most of the tests' time."""

COLLECTION = "composite/sobjects"
UPSERT = "composite/sobjects/Task/Call_Key__c"
Json = dict[str, object]


@dataclass
class Hand:
    """A clock that tests move by hand."""

    moment: datetime
    ahead: timedelta

    def now(self) -> datetime:
        return self.moment + self.ahead

    def move(self, **by: float) -> None:
        self.ahead += timedelta(**by)


def task(**fields: object) -> Json:
    return {"attributes": {"type": "Task"}, **fields}


def create(api: httpx.Client, *records: Json, whole: bool = False) -> httpx.Response:
    body = {"allOrNone": whole, "records": records}
    return api.post(COLLECTION, json=body)


def upsert(api: httpx.Client, *records: Json, whole: bool = False) -> httpx.Response:
    body = {"allOrNone": whole, "records": records}
    return api.patch(UPSERT, json=body)


def created(api: httpx.Client, **fields: object) -> str:
    (item,) = create(api, task(**fields)).json()
    return str(item["id"])


def codes(answer: httpx.Response) -> list[str | None]:
    """Return the first error of each item, None for a success."""
    return [
        None if item["success"] else item["errors"][0]["statusCode"]
        for item in answer.json()
    ]


def soql(*clauses: str) -> str:
    return " ".join(clauses)


def select(api: httpx.Client, query: str, *, resource: str = "query") -> list[Json]:
    answer = api.get(resource, params={"q": query})
    assert answer.status_code == 200, answer.text
    records: list[Json] = answer.json()["records"]
    for record in records:
        record.pop("attributes")
    return records


def record(sandbox: SalesforceSandbox, name: str, called: str) -> Row:
    (row,) = (r for r in sandbox.rows(name) if r["Name"] == called)
    return row


def agent(sandbox: SalesforceSandbox, code: str) -> str:
    users = sandbox.rows("User")
    (row,) = (user for user in users if user["Call_Agent_Id__c"] == code)
    return str(row["Id"])
