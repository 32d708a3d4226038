"""What is sent, as the document has it, and what is refused before it is."""

import json
from typing import Any

import pytest

from connector.errors import RefusedError
from connector.systems.agendize.client import AgendizeClient
from connector.systems.agendize.operations import OPERATIONS
from tests.systems.agendize.line import CALL, START, Line, answered

WATCHES: tuple[dict[str, Any], ...] = (
    {
        "address": "https://us.example/w",
        "name": "ours",
        "basicAuth": {"username": "u", "password": "p"},
        "httpRequestHeader": {"X-Key": "k"},
        "method": "PUT",
        "status": "disabled",
        "oauth2Auth": {
            "grantType": "refresh_token",
            "clientId": "c",
            "clientSecret": "s",
            "refreshToken": "r",
            "authUrl": "https://us.example/a",
            "accessTokenUrl": "https://us.example/t",
            "redirectUri": "https://us.example/r",
            "scope": "all",
        },
        "signature": {"enabled": True, "cryptoKeyIds": ["k1"]},
    },
    {
        "address": "https://us.example/w",
        "schema": {"my_id_key": "{id}", "dataContent": {"givenName": "{firstName}"}},
    },
    {
        "address": "https://us.example/w",
        "schema": '"my_id_key": ${$.id}, "dataContent": '
        '{ "fullName": "${$.firstName} ${$.lastName}"}',
    },
    {"address": "https://us.example/w", "oauth2Auth": {"refreshToken": "r"}},
    {
        "address": "https://us.example/w",
        "oauth2Auth": {"grantType": "client_credentials", "clientId": "c"},
    },
)
"""Everything that is documented, both examples of a schema, and both grant types."""


BASIC = {"username": "u", "password": "p"}
CREDENTIALS = {"grantType": "client_credentials"}


def started(**changes: str) -> tuple[dict[str, Any]]:
    return ({**CALL, "start": START | changes},)


def watched(**about: object) -> tuple[dict[str, Any]]:
    return ({"address": "https://us.example", **about},)


@pytest.mark.parametrize(
    ("name", "args", "sent"),
    [
        ("get", ("a/b",), ("GET", "/api/2.0/calls/a%2Fb", "", None)),
        ("delete", ("7",), ("DELETE", "/api/2.0/calls/7", "", None)),
        ("list", ({},), ("GET", "/api/2.0/calls", "", None)),
        (
            "list",
            ({"syncToken": "t=1", "toolId": "5"},),
            ("GET", "/api/2.0/calls", "syncToken=t%3D1&toolId=5", None),
        ),
        ("insert", (CALL,), ("POST", "/api/2.0/calls", "", CALL)),
        (
            "update",
            ("7", {"duration": 5}),
            ("PUT", "/api/2.0/calls/7", "", {"duration": 5}),
        ),
        (
            "watch",
            ({"address": "https://us.example/w", "status": "enabled"},),
            (
                "POST",
                "/api/2.0/calls/watch",
                "",
                {"address": "https://us.example/w", "status": "enabled"},
            ),
        ),
        *(
            ("watch", (each,), ("POST", "/api/2.0/calls/watch", "", each))
            for each in WATCHES
        ),
    ],
)
def test_an_operation_is_sent_as_documented(
    name: str, args: tuple[Any, ...], sent: tuple[object, ...]
) -> None:
    line = Line(answered(200, {"items": []} if name == "list" else {"id": "7"}))

    getattr(line.client, name)(*args)

    (request,) = line.sent
    path = request.url.raw_path.decode().partition("?")[0]
    body = json.loads(request.content) if request.content else None
    query = request.url.query.decode()
    assert (request.method, path, query, body) == sent
    assert (request.headers["token"], request.headers["apikey"]) == ("sso", "key")
    assert line.pacer.waits == 1


@pytest.mark.parametrize(
    ("name", "args", "parameter"),
    [
        ("get", ("",), "callId"),
        ("list", ({"startDate": "2026-11-01"},), "startDate"),
        ("list", ({"endDate": "2026-11-01T00:00:00"},), "endDate"),
        ("insert", ({**CALL, "callerNumber": None},), "callerNumber"),
        ("insert", ({**CALL, "calledNumber": ""},), "calledNumber"),
        ("insert", ({**CALL, "start": None},), "start"),
        ("insert", ({**CALL, "start": {}},), "start"),
        (
            "insert",
            ({**CALL, "start": {"dateTime": "2026-11-20T10:00:00Z"}},),
            "start.dateTime",
        ),
        ("insert", ({**CALL, "duration": -1},), "duration"),
        ("insert", ({**CALL, "status": "busy"},), "status"),
        ("update", ("7", {"duration": "5"}), "duration"),
        ("list", ({"startDate": "2026-99-99T00:00:00Z"},), "startDate"),
        ("list", ({"endDate": "2026-02-30T00:00:00Z"},), "endDate"),
        ("insert", started(dateTime="2026-99-99T00:00:00"), "start.dateTime"),
        ("insert", started(timeZone="Mars/Olympus"), "start.timeZone"),
        ("insert", started(timezone="Asia/Tokyo"), "start"),
        ("update", ("7", *started(dateTime="2026-11-20T25:00:00")), "start.dateTime"),
        ("update", ("7", *started(timeZone="paris")), "start.timeZone"),
        ("watch", ({},), "address"),
        ("watch", ({"address": "us.example"},), "address"),
        ("watch", watched(status="on"), "status"),
        ("watch", watched(method="BREW"), "method"),
        ("watch", watched(schema=["id"]), "schema"),
        ("watch", watched(httpRequestHeader={"X-Key": 3}), "httpRequestHeader"),
        ("watch", watched(oauth2Auth={"secret": "s"}), "oauth2Auth"),
        ("watch", watched(oauth2Auth={"clientId": 3}), "oauth2Auth.clientId"),
        ("watch", watched(basicAuth={**BASIC, "realm": "r"}), "basicAuth"),
        ("watch", watched(signature={"keys": []}), "signature"),
        *(
            ("watch", watched(oauth2Auth={**CREDENTIALS, name: "x"}), of)
            for name, of in (
                ("refreshToken", "oauth2Auth.refreshToken"),
                ("authUrl", "oauth2Auth.authUrl"),
                ("scope", "oauth2Auth.scope"),
            )
        ),
        (
            "watch",
            ({"address": "https://a", "basicAuth": {"username": "u"}},),
            "basicAuth.password",
        ),
    ],
)
def test_what_the_document_does_not_allow_is_not_sent(
    name: str, args: tuple[Any, ...], parameter: str
) -> None:
    line = Line(answered())

    with pytest.raises(RefusedError) as caught:
        getattr(line.client, name)(*args)

    assert (caught.value.parameter, line.sent) == (parameter, [])


def test_every_documented_operation_is_a_method_of_the_client() -> None:
    assert all(callable(getattr(AgendizeClient, name)) for name in OPERATIONS)
