"""Callyzer's deliveries: whose they are, and which calls they are about."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import RecordError
from connector.model import Delivery
from connector.systems.callyzer.webhook import CallyzerWebhook

SECRET = "a secret of the account"  # noqa: S105  opens nothing
HEADER = "X-Callyzer-Signature"
WEBHOOK = CallyzerWebhook(secret=SECRET, header=HEADER)
SIGNED = CallyzerWebhook(secret=SECRET, header=HEADER, signed=True)
EXAMPLE = [
    {
        "emp_name": "Employee Name",
        "emp_code": "102",
        "call_logs": [
            {"id": "XgnkwIIXrlKYMem-mDNAP7DPkVfFsV3-4lIhEogXFLU", "duration": "30"},
            {"id": "JyY5CsxLibLIJ375wQPl8m", "duration": "87"},
        ],
    },
    {
        "emp_name": "Another Emplyoee",
        "call_logs": [{"id": "Pl8m75wQJyY5CLibLIJ3sx", "duration": "0"}],
    },
]


def delivery(body: bytes = b"[]", value: str | None = SECRET) -> Delivery:
    headers = {} if value is None else {HEADER.lower(): value}
    return Delivery(headers=headers, body=body)


def signature(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def ids(body: object) -> list[str]:
    return WEBHOOK.nudged(delivery(json.dumps(body).encode()))["call_logs"]


# ── whose it is ────────────────────────────────────────────────────────────


def test_the_secret_in_its_header_opens() -> None:
    assert WEBHOOK.authentic(delivery())


@pytest.mark.parametrize("value", [None, "", "another", f"{SECRET} ", SECRET.upper()])
def test_anything_else_does_not(value: str | None) -> None:
    assert not WEBHOOK.authentic(delivery(value=value))


@pytest.mark.parametrize("value", [None, "", "anything"])
def test_without_a_secret_nothing_opens(value: str | None) -> None:
    nobody = CallyzerWebhook(secret="", header=HEADER)

    assert not nobody.authentic(delivery(value=value))


def test_the_header_can_have_another_name() -> None:
    other = CallyzerWebhook(secret=SECRET, header="X-Webhook-Secret")
    headers = {"x-webhook-secret": SECRET}

    assert other.authentic(Delivery(headers=headers, body=b""))
    assert not other.authentic(delivery())


@pytest.mark.parametrize("way", ["{}", "sha256={}"])
def test_a_signature_is_of_the_body(way: str) -> None:
    body = b'[{"call_logs": []}]'

    assert SIGNED.authentic(delivery(body, way.format(signature(body))))
    assert not SIGNED.authentic(delivery(body + b" ", way.format(signature(body))))
    assert not SIGNED.authentic(delivery(body, SECRET))


@given(st.text())
def test_no_header_whatever_makes_it_fail(value: str) -> None:
    text = value.encode(errors="replace").decode()

    assert WEBHOOK.authentic(delivery(value=text)) == (text == SECRET)


# ── what it is about ───────────────────────────────────────────────────────


def test_the_documented_payload_names_its_calls() -> None:
    assert ids(EXAMPLE) == [
        "XgnkwIIXrlKYMem-mDNAP7DPkVfFsV3-4lIhEogXFLU",
        "JyY5CsxLibLIJ375wQPl8m",
        "Pl8m75wQJyY5CLibLIJ3sx",
    ]


def test_a_single_employee_need_not_be_in_a_list() -> None:
    assert ids({"call_logs": [{"id": "one"}]}) == ["one"]


def test_what_is_no_id_is_left_out() -> None:
    bad = [{"id": 5}, {"id": ""}, {"id": "x" * 201}, {}, None, "x", {"id": "good"}]

    assert ids([{"call_logs": bad}, {"call_logs": None}, {}]) == ["good"]


def test_a_call_that_comes_twice_is_one() -> None:
    assert ids([{"call_logs": [{"id": "a"}, {"id": "a"}]}]) == ["a"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"5", b'"x"', b"[1]", b"<html>", b"[" * 100_000]
)
def test_a_body_that_is_none_is_said(body: bytes) -> None:
    with pytest.raises(RecordError, match="the body is not"):
        WEBHOOK.nudged(delivery(body))


@given(st.binary())
def test_no_body_whatever_raises_anything_else(body: bytes) -> None:
    try:
        found = WEBHOOK.nudged(delivery(body))["call_logs"]
    except RecordError:
        return
    assert all(found)
