"""An org on loopback, and a client that is let in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from connector.sandbox.salesforce import SalesforceSandbox
from connector.sandbox.salesforce.schema.shape import Row
from connector.sandbox.server import Server
from tests.sandbox.test_salesforce.keys import (
    ID,
    NO_TLS,
    PUBLIC_KEY,
    SECRET,
    USERNAME,
    Hand,
    record,
)


@pytest.fixture
def hand() -> Hand:
    return Hand(datetime(2026, 11, 5, 6, 30, tzinfo=UTC), timedelta())


@pytest.fixture
def sandbox(hand: Hand) -> SalesforceSandbox:
    return SalesforceSandbox(
        client_id=ID,
        client_secret=SECRET,
        username=USERNAME,
        public_key=PUBLIC_KEY,
        clock=hand.now,
    )


@pytest.fixture
def url(sandbox: SalesforceSandbox) -> Iterator[str]:
    with Server(sandbox.app) as server:
        yield server.url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield client


@pytest.fixture
def api(url: str, client: httpx.Client) -> Iterator[httpx.Client]:
    form = {
        "grant_type": "client_credentials",
        "client_id": ID,
        "client_secret": SECRET,
    }
    token = client.post("/services/oauth2/token", data=form).json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    base = f"{url}/services/data/v62.0/"
    with httpx.Client(
        base_url=base, headers=headers, trust_env=False, verify=NO_TLS
    ) as api:
        yield api


@pytest.fixture
def aditi(sandbox: SalesforceSandbox) -> Row:
    return record(sandbox, "Contact", "Aditi Rao")
