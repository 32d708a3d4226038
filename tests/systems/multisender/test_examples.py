"""Every documented operation: what is sent for it, and what comes of its answer."""

import json

import httpx
import pytest

from connector.systems.multisender.client import MultisenderClient
from connector.systems.multisender.operations import OPERATIONS
from tests.systems.multisender.conftest import Line
from tests.systems.multisender.example import STAMPS, TO_PHONE, Example
from tests.systems.multisender.examples_calls import ADDED, CALLS, RSVP_CALLS
from tests.systems.multisender.examples_messages import FILE, MESSAGES
from tests.systems.multisender.examples_people import PEOPLE

EXAMPLES = (*PEOPLE, *CALLS, *RSVP_CALLS, *MESSAGES)


def answered(status: int, body: object = None) -> httpx.Response:
    content = b"" if body is None else json.dumps(body).encode()
    return httpx.Response(status, content=content)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_the_documented_request_is_sent_and_its_answer_understood(
    example: Example,
) -> None:
    line = Line(answered(example.status, example.answer))

    returned = example.call(line.client)

    (request,) = line.sent
    path = request.url.raw_path.decode().removeprefix("/v1/")
    sent = json.loads(request.content) if is_json(request) else None
    if isinstance(example.sent[2], bytes):
        assert example.sent[2] in request.content
        sent = example.sent[2]
    assert (request.method, path, sent) == example.sent
    assert returned == example.returned
    assert line.pacer.waits == 1


def is_json(request: httpx.Request) -> bool:
    named = request.headers["content-type"] == "application/json"
    return named and bool(request.content)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_every_request_has_the_three_headers(example: Example) -> None:
    line = Line(answered(example.status, example.answer))

    example.call(line.client)

    headers = line.sent[0].headers
    form = example.name == "upload_voice_file"
    media = headers["content-type"].partition(";")[0]
    assert headers["accept"] == "application/json"
    assert headers["x-access-token"] == "123xyz"
    assert media == ("multipart/form-data" if form else "application/json")


def test_a_file_is_uploaded_as_files_in_a_form() -> None:
    line = Line(answered(201, {"files": []}))

    line.client.upload_voice_file(FILE)

    content = line.sent[0].content
    assert b'name="files"; filename="hello.wav"' in content
    assert b"Content-Type: audio/wav\r\n\r\nRIFF\r\n" in content


def test_added_receivers_may_come_in_an_object() -> None:
    line = Line(answered(201, {"receivers": [ADDED], **STAMPS}))

    assert line.client.add_rsvp_call_receivers(1, TO_PHONE) == [ADDED]


def test_every_documented_operation_has_an_example_and_a_method() -> None:
    assert {example.name for example in EXAMPLES} == OPERATIONS.keys()
    assert all(callable(getattr(MultisenderClient, name)) for name in OPERATIONS)


def test_what_creates_something_is_sent_once() -> None:
    twice = {"log_in", "add_group_accounts"}
    posts = {each.name for each in OPERATIONS.values() if each.method == "POST"}

    once = {each.name for each in OPERATIONS.values() if each.once}

    assert once == posts - twice
