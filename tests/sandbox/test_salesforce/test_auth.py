"""Who is let in (Salesforce Help, "OAuth 2.0 Client Credentials Flow",
"OAuth 2.0 JWT Bearer Flow"), and for how long."""

from datetime import timedelta

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from connector.sandbox.salesforce import SalesforceSandbox
from tests.sandbox.test_salesforce.keys import (
    ID,
    PRIVATE_KEY,
    SECRET,
    USERNAME,
    Hand,
    Json,
)

TOKEN = "/services/oauth2/token"  # noqa: S105 - a path
DATA = "/services/data/v62.0/sobjects"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def asserting(
    client: httpx.Client,
    hand: Hand,
    claims: Json,
    *,
    key: rsa.RSAPrivateKey = PRIVATE_KEY,
) -> httpx.Response:
    usual: Json = {
        "iss": ID,
        "sub": USERNAME,
        "aud": "https://login.salesforce.com",
        "exp": hand.now() + timedelta(minutes=3),
    }
    assertion = jwt.encode({**usual, **claims}, key, "RS256")
    form = {"grant_type": JWT_BEARER, "assertion": assertion}
    return client.post(TOKEN, data=form)


def test_a_secret_in_the_form_opens_the_org(client: httpx.Client, url: str) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": ID,
        "client_secret": SECRET,
    }

    token = client.post(TOKEN, data=form).json()

    assert set(token) == {
        "access_token",
        "instance_url",
        "id",
        "token_type",
        "issued_at",
        "signature",
        "scope",
    }
    assert (token["instance_url"], token["token_type"]) == (url, "Bearer")
    bearer = {"authorization": f"Bearer {token['access_token']}"}
    assert client.get(DATA, headers=bearer).status_code == 200


def test_a_secret_as_basic_authorization_opens_the_org(client: httpx.Client) -> None:
    form = {"grant_type": "client_credentials"}

    answer = client.post(TOKEN, data=form, auth=(ID, SECRET))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": ID, "client_secret": "guess"}, "invalid_client"),
        ({"client_id": "other", "client_secret": SECRET}, "invalid_client_id"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({}, "invalid_client_id"),
    ],
)
def test_others_are_refused_in_oauths_own_shape(
    client: httpx.Client, form: dict[str, str], error: str
) -> None:
    answer = client.post(TOKEN, data={"grant_type": "client_credentials", **form})

    assert answer.status_code == 400
    assert answer.json().keys() == {"error", "error_description"}
    assert answer.json()["error"] == error


def test_basic_authorization_that_is_none_is_refused(client: httpx.Client) -> None:
    headers = {"authorization": "Basic x"}

    answer = client.post(
        TOKEN, data={"grant_type": "client_credentials"}, headers=headers
    )

    assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize("audience", ["login", "test", "own"])
def test_a_signed_assertion_opens_the_org(
    client: httpx.Client, hand: Hand, url: str, audience: str
) -> None:
    named = url if audience == "own" else f"https://{audience}.salesforce.com"

    answer = asserting(client, hand, {"aud": named})

    bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
    assert client.get(DATA, headers=bearer).status_code == 200


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"iss": "other"}, "invalid_client_id"),
        ({"sub": "other@sandbox.example"}, "invalid_grant"),
        ({"aud": "https://elsewhere.example"}, "invalid_grant"),
        ({"exp": 1}, "invalid_grant"),
        ({"exp": 32_503_680_000}, "invalid_grant"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(
    client: httpx.Client, hand: Hand, claims: Json, error: str
) -> None:
    answer = asserting(client, hand, claims)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_assertion_without_an_end_is_refused(
    client: httpx.Client, hand: Hand
) -> None:
    claims = {"iss": ID, "sub": USERNAME, "aud": "https://login.salesforce.com"}
    assertion = jwt.encode(claims, PRIVATE_KEY, "RS256")

    answer = client.post(TOKEN, data={"grant_type": JWT_BEARER, "assertion": assertion})

    assert answer.json()["error"] == "invalid_grant"


def test_an_assertion_signed_by_a_stranger_is_refused(
    client: httpx.Client, hand: Hand
) -> None:
    answer = asserting(client, hand, {}, key=STRANGER)

    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer guess", "Basic guess"])
def test_nobody_is_let_in_without_a_session(client: httpx.Client, header: str) -> None:
    answer = client.get(DATA, headers={"authorization": header})

    assert answer.status_code == 401
    assert answer.json() == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


def test_a_session_lasts_as_long_as_it_is_used(api: httpx.Client, hand: Hand) -> None:
    hand.move(seconds=7000)
    assert api.get("sobjects").status_code == 200
    hand.move(seconds=7000)
    assert api.get("sobjects").status_code == 200

    hand.move(seconds=7300)

    assert api.get("sobjects").status_code == 401


def test_sessions_can_be_ended_at_once(
    api: httpx.Client, sandbox: SalesforceSandbox
) -> None:
    sandbox.expire_sessions()

    assert api.get("sobjects").status_code == 401
    assert sandbox.used == 0
