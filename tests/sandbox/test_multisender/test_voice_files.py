"""Voice files that are spoken, uploaded and used; and who may log in."""

import httpx
import pytest

from connector.sandbox.multisender import MultisenderSandbox
from connector.sandbox.server import Server
from tests.sandbox.test_multisender.given import (
    STAMPS,
    TYPE,
    Clock,
    Json,
    greeted,
    headers,
)

OTHER_NAME = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n'
    b"\r\nabc\r\n--x--\r\n"
)
URL = "https://media.multisender.example/voice_files/2"


def test_the_voice_codes_are_listed(client: httpx.Client) -> None:
    codes = client.get("/voice_files/text_to_speech/voice_codes").json()

    assert [code["voiceCode"] for code in codes] == ["en", "fi"]
    assert (
        codes[0]
        == {
            "voiceCode": "en",
            "description": "English, female voice",
        }
        | STAMPS
    )


def test_a_text_becomes_a_voice_file_which_is_pending_at_first(
    client: httpx.Client,
) -> None:
    body = {"name": "Bye", "text": "Good bye and thank you", "voiceCode": "fi"}

    made = client.post("/voice_files/text_to_speech", json=body)
    shown = client.get("/voice_files/2").json()

    expected = {"voiceFileId": "2", "name": "Bye", "description": "", "url": URL}
    expected |= {"mp3Url": f"{URL}.mp3", "wavUrl": f"{URL}.wav"}
    status: Json = {"duration": 2, "status": "pending"}
    said = {"text": "Good bye and thank you", "voiceCode": "fi"}
    assert (made.status_code, made.json()) == (201, expected | status | said | STAMPS)
    assert list(made.json()) == [*expected, *status, *said, *STAMPS]
    assert made.headers["location"] == str(client.base_url) + "voice_files/2"
    assert shown == made.json() | {"status": "ready"}
    assert client.get("/voice_files").json()[1] == shown


def test_a_voice_file_is_ready_after_the_seconds_that_it_takes(clock: Clock) -> None:
    sandbox = greeted(MultisenderSandbox(now=clock, seconds_until_ready=30))
    body = {"name": "Bye", "text": "Bye", "voiceCode": "fi"}

    with (
        Server(sandbox.app) as server,
        httpx.Client(headers=headers(sandbox), trust_env=False) as client,
    ):
        files = f"{server.url}/v1/voice_files"
        client.post(f"{files}/text_to_speech", json=body)
        clock.advance(seconds=29)
        early = client.get(f"{files}/2").json()["status"]
        clock.advance(seconds=1)
        due = client.get(f"{files}/2").json()["status"]

    assert (early, due) == ("pending", "ready")


def test_files_are_uploaded_in_a_form(client: httpx.Client) -> None:
    binary = bytes(range(256)) * 32
    files = [("files", ("a.wav", binary)), ("files", ("bé.mp3", b"ID3"))]
    del client.headers["content-type"]

    made = client.post("/voice_files", files=files)

    first, second = made.json()["files"]
    assert (made.status_code, list(made.json())) == (201, ["files"])
    assert (
        first
        == {
            "voiceFileId": "2",
            "name": "a.wav",
            "description": "",
            "duration": 3,
            "fileName": "a.wav",
            "url": URL,
            "mp3Url": f"{URL}.mp3",
            "wavUrl": f"{URL}.wav",
            "size": "8192",
            "status": "pending",
        }
        | STAMPS
    )
    assert (second["voiceFileId"], second["fileName"]) == ("3", "bé.mp3")
    assert made.headers["location"] == str(client.base_url) + "voice_files/2"


@pytest.mark.parametrize(
    ("media", "body", "status"),
    [
        (TYPE, b"{}", 415),
        ("multipart/form-data", b"--x--", 400),
        ("multipart/form-data; boundary=x", b"", 400),
        (
            "multipart/form-data; boundary=x",
            OTHER_NAME,
            400,
        ),
    ],
    ids=["json", "no boundary", "empty", "another name"],
)
def test_an_upload_without_files_is_refused(
    client: httpx.Client, media: str, body: bytes, status: int
) -> None:
    given = {"content-type": media}

    answer = client.post("/voice_files", content=body, headers=given)

    assert answer.status_code == status
    assert len(client.get("/voice_files").json()) == 1


def test_a_voice_file_is_renamed_and_deleted(client: httpx.Client) -> None:
    named = client.put("/voice_files/1", json={"name": "a", "description": "b"})
    half = client.put("/voice_files/1", json={"name": "a"})
    gone = client.delete("/voice_files/1")

    assert (named.status_code, named.json()["description"]) == (200, "b")
    assert (half.status_code, gone.status_code) == (400, 204)
    assert client.get("/voice_files").json() == []


# ── login ──────────────────────────────────────────────────────────────────


def test_the_owner_and_subusers_log_in_for_their_tokens(
    sandbox: MultisenderSandbox, client: httpx.Client
) -> None:
    kim = {"email": "kim@sandbox.example", "password": "secret"}
    token = client.post("/subusers", json=kim).json()["authToken"]
    owner = {"email": sandbox.email, "password": sandbox.password}
    del client.headers["x-access-token"]

    as_owner, as_kim = (
        client.post("/login", json=owner),
        client.post("/login", json=kim),
    )

    assert (as_owner.status_code, as_owner.json()) == (
        201,
        {"authToken": sandbox.token},
    )
    assert as_kim.json() == {"authToken": token}


@pytest.mark.parametrize("email", ["nobody@sandbox.example", "kim@sandbox.example"])
def test_a_wrong_password_is_refused(client: httpx.Client, email: str) -> None:
    client.post("/subusers", json={"email": "kim@sandbox.example"})

    answer = client.post("/login", json={"email": email, "password": "guess"})

    assert (answer.status_code, answer.json()["message"]) == (
        401,
        "Wrong email or password",
    )
