"""Tokens, addresses and threads."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs
from urllib.request import Request

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connector.clock import SystemClock
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.crm import SalesforceCrm
from connector.errors import ConfigError, UnauthorizedError, UnavailableError
from connector.model import Quota

LIMITS = {"DailyApiRequests": {"Max": 5000, "Remaining": 4900}}
EXPIRED = [{"errorCode": "INVALID_SESSION_ID", "message": "expired"}]
TOKEN_PATH = "/services/oauth2/token"  # noqa: S105  # a path, not a token


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def by_jwt(
    config: SalesforceConfig, private_key: rsa.RSAPrivateKey
) -> Iterator[SalesforceCrm]:
    pem = private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    crm = SalesforceCrm(
        replace(config, username="bot@example.com", private_key=pem.decode()),
        SystemClock(),
    )
    yield crm
    crm.close()


def form(request: Request) -> dict[str, list[str]]:
    assert isinstance(request.data, bytes)
    return parse_qs(request.data.decode(), strict_parsing=True)


def asked_for_tokens(sent: list[Request]) -> int:
    return len([request for request in sent if request.selector == TOKEN_PATH])


def test_client_credentials_are_sent_once_as_a_form(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, LIMITS), (200, LIMITS)]

    crm.quota(fresh=True)
    crm.quota(fresh=True)

    assert asked_for_tokens(sent) == 1
    assert sent[0].method == "POST"
    assert form(sent[0]) == {
        "grant_type": ["client_credentials"],
        "client_id": ["our-app"],
        "client_secret": ["hush"],
    }


@pytest.mark.parametrize(
    ("told", "user"),
    [
        ("/id/00D5g0000000001EAA/0055g0000010002AAA", "0055g0000010002AAA"),
        ("/id/00D5g0000000001EAA/0055g0000010002", "0055g0000010002AAA"),
        ("/id/00D5g0000000001EAA/me", None),
        (None, None),
    ],
)
def test_the_token_says_which_user_we_are(
    crm: SalesforceCrm,
    answers: list[object],
    token_answers: list[object],
    told: str | None,
    user: str | None,
) -> None:
    identity = {"id": f"https://login.salesforce.com{told}"} if told else {}
    token_answers.append((200, {"access_token": "token-1", **identity}))
    answers.append((200, LIMITS))
    assert crm.user() is None

    crm.quota(fresh=True)

    assert crm.user() == user


def test_an_assertion_is_signed_for_the_login_url_and_three_minutes(
    by_jwt: SalesforceCrm,
    private_key: rsa.RSAPrivateKey,
    url: str,
    answers: list[object],
    sent: list[Request],
) -> None:
    answers.append((200, LIMITS))
    before = SystemClock().now()

    by_jwt.quota(fresh=True)

    (grant,), (assertion,) = form(sent[0])["grant_type"], form(sent[0])["assertion"]
    claims = jwt.decode(
        assertion, private_key.public_key(), algorithms=["RS256"], audience=url
    )
    lives = datetime.fromtimestamp(claims["exp"], UTC) - before
    assert grant == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert (claims["iss"], claims["sub"]) == ("our-app", "bot@example.com")
    assert timedelta(seconds=178) < lives < timedelta(seconds=185)


def test_an_unusable_private_key_is_a_mistake_of_the_configuration(
    config: SalesforceConfig, sent: list[Request]
) -> None:
    broken = replace(config, username="bot@example.com", private_key="-----BEGIN NO")
    crm = SalesforceCrm(broken, SystemClock())

    with pytest.raises(ConfigError) as raised:
        crm.quota(fresh=True)

    assert "BEGIN NO" not in str(raised.value)
    assert sent == []


def test_an_expired_token_is_renewed_and_the_call_repeated(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(401, EXPIRED), (200, LIMITS)]

    quota = crm.quota(fresh=True)

    assert quota == Quota(used=100, limit=5000)
    assert [request.get_header("Authorization") for request in sent] == [
        None,
        "Bearer token-1",
        None,
        "Bearer token-2",
    ]


def test_many_threads_with_an_expired_token_renew_it_once(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    together = threading.Barrier(6)

    def expired_at_once(request: Request) -> object:
        if request.get_header("Authorization") == "Bearer token-1":
            together.wait(timeout=5)
            return 401, EXPIRED
        return 200, LIMITS

    answers.append(expired_at_once)

    with ThreadPoolExecutor(6) as threads:
        quotas = list(threads.map(lambda _: crm.quota(fresh=True), range(6)))

    assert quotas == [Quota(used=100, limit=5000)] * 6
    assert asked_for_tokens(sent) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"error": "invalid_grant", "error_description": "user hasn't approved"},
        {"error": "invalid_client", "error_description": "invalid client credentials"},
        {"error": "invalid_client_id"},
    ],
)
def test_a_refused_token_says_so_in_the_crms_words(
    crm: SalesforceCrm, token_answers: list[object], said: dict[str, str]
) -> None:
    token_answers.append((400, said))

    with pytest.raises(UnauthorizedError) as raised:
        crm.quota(fresh=True)

    assert all(words in raised.value.message for words in said.values())


def test_a_secret_that_comes_back_is_not_repeated(
    crm: SalesforceCrm, token_answers: list[object]
) -> None:
    said = {"error": "invalid_client", "error_description": "bad secret hush"}
    token_answers.append((401, said))

    with pytest.raises(UnauthorizedError) as raised:
        crm.quota(fresh=True)

    assert "hush" not in raised.value.message
    assert "***" in raised.value.message


@pytest.mark.parametrize(
    "answer",
    [
        "drop",
        (500, {"error": "server_error"}),
        (400, b"<html>"),
        (400, {"error": "temporarily_unavailable"}),
        (400, {"error": "invalid_grant", "error_description": "login rate exceeded"}),
        (200, b"<html>"),
        (200, {}),
        (200, []),
        (200, {"access_token": 7}),
        (200, {"access_token": "two\nlines"}),
        (302, b"", {"Location": "/sorry"}),
    ],
)
def test_a_token_endpoint_that_is_out_of_order_is_asked_later(
    crm: SalesforceCrm, token_answers: list[object], answer: object
) -> None:
    token_answers.append(answer)

    with pytest.raises(UnavailableError):
        crm.quota(fresh=True)


def test_a_token_that_was_refused_is_asked_for_again_by_the_next_call(
    crm: SalesforceCrm, token_answers: list[object], answers: list[object]
) -> None:
    token_answers.append((400, {"error": "invalid_grant"}))
    answers.append((200, LIMITS))

    with pytest.raises(UnauthorizedError):
        crm.quota(fresh=True)

    assert crm.quota(fresh=True) == Quota(used=100, limit=5000)


@pytest.mark.parametrize("prefix", ["/crm", "/crm/", "/services"])
def test_a_path_in_the_url_is_kept_as_a_prefix(
    config: SalesforceConfig,
    answers: list[object],
    sent: list[Request],
    prefix: str,
) -> None:
    answers.append((200, LIMITS))
    crm = SalesforceCrm(replace(config, url=config.url + prefix), SystemClock())

    crm.quota(fresh=True)

    crm.close()
    kept = prefix.rstrip("/")
    assert [request.selector for request in sent] == [
        f"{kept}/services/oauth2/token",
        f"{kept}/services/data/v62.0/limits/",
    ]


def test_a_token_may_come_from_another_host_path(
    config: SalesforceConfig, answers: list[object], sent: list[Request]
) -> None:
    answers.append((200, LIMITS))
    login = SalesforceCrm(
        replace(config, login_url=config.url + "/login"), SystemClock()
    )

    login.quota(fresh=True)

    login.close()
    assert sent[0].selector == "/login/services/oauth2/token"
    assert sent[1].selector == "/services/data/v62.0/limits/"


def test_a_cookie_is_not_kept(
    crm: SalesforceCrm, answers: list[object], sent: list[Request]
) -> None:
    answers += [(200, LIMITS, {"Set-Cookie": "BrowserId=7"}), (200, LIMITS)]

    crm.quota(fresh=True)
    crm.quota(fresh=True)

    assert sent[-1].get_header("Cookie") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "acme.my.salesforce.com"},
        {"url": "ftp://acme"},
        {"login_url": "https://"},
        {"client_secret": None},
        {"client_secret": None, "username": "bot@example.com"},
    ],
)
def test_a_configuration_that_cannot_work_is_refused(
    config: SalesforceConfig, wrong: dict[str, str]
) -> None:
    with pytest.raises(ConfigError):
        replace(config, **wrong)  # type: ignore[arg-type]  # one field at a time


def test_a_configuration_prints_without_its_secrets() -> None:
    config = SalesforceConfig(
        url="https://acme.my.salesforce.com",
        client_id="our-app",
        client_secret="hush",  # noqa: S106  # opens nothing
        private_key="quiet",
    )

    printed = repr(config)

    assert "hush" not in printed
    assert "quiet" not in printed
