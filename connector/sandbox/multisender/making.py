"""Records as they come and go: what the vendor adds to what a body gives."""

import math
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from connector.sandbox.multisender.dialling import KINDS, turn
from connector.sandbox.multisender.fields import Record, RefusedError, blanks
from connector.sandbox.multisender.office import Office, utc, utc_written
from connector.sandbox.multisender.receivers import addressees, receivers
from connector.sandbox.multisender.rules import RESOURCES

LONGEST_PAST: Final = timedelta(hours=1)
EXPIRES_AFTER: Final = timedelta(days=7)
CENTS: Final = {"calls": 6.5, "smses": 7.0, "emails": 0.5}
"""*Ours*: what one receiver costs."""
WORDS_PER_SECOND: Final = 2.5
BYTES_PER_SECOND: Final = 4000
VOICES: Final = {
    "en": "English, female voice",
    "fi": "Finnish, female voice",
}
"""The codes are those that the document names; the voices are *ours*."""
_FILES: Final = "https://media.multisender.example/voice_files"


def create(office: Office, name: str, given: Record) -> int:
    """Add a record and return its id; RefusedError where it can't be.

    ``given`` was read by the resource's fields.
    """
    record = blanks(RESOURCES[name].create or ()) | given
    record |= _settled(office, name, record, {})
    stamp = office.written_now()
    record |= {"createdAt": stamp, "updatedAt": stamp}
    record_id = office.tables[name].add(record)
    if name in KINDS:
        office.open_calls.append((KINDS[name], record_id))
    if name == "rsvp_calls":
        watch(office, record_id)
    return record_id


def update(office: Office, name: str, record_id: int, given: Record) -> None:
    """Change a record; what is not given stays. RefusedError where it can't be."""
    old = office.record(name, record_id)
    if old.get("actionTime") and not editable(office, old):
        raise RefusedError(400, f"{name}/{record_id} is not editable any more")
    stamp = {"updatedAt": office.written_now()}
    settled = given | _settled(office, name, given, old)
    office.tables[name].change(record_id, settled | stamp)
    if name == "rsvp_calls":
        watch(office, record_id)


def remove(office: Office, name: str, record_id: int) -> Record:
    """Delete a record and return it; RefusedError where there is none."""
    office.record(name, record_id)
    return office.tables[name].remove(record_id)


def editable(office: Office, record: Record) -> bool:
    """Tell whether something is still to be sent; *ours* is what that means."""
    return office.read(record["actionTime"]) > office.now()


def spoken(office: Office, given: Record, *, ready: bool = False) -> int:
    """Turn a text into a voice file, which is ``ready`` at once or a while later.

    Return its id; RefusedError for a voice that there is not.
    """
    if given["voiceCode"] not in VOICES:
        raise RefusedError(400, f"voiceCode must be one of: {', '.join(VOICES)}")
    seconds = math.ceil(len(given["text"].split()) / WORDS_PER_SECOND)
    status = "ready" if ready else "pending"
    return _voice_file(office, given | {"duration": seconds, "status": status})


def uploaded(office: Office, file_name: str, content: bytes) -> int:
    """Keep a file as a voice file and return its id."""
    about = {"name": file_name, "fileName": file_name, "size": len(content)}
    seconds = math.ceil(len(content) / BYTES_PER_SECOND)
    return _voice_file(office, about | {"duration": seconds})


def _voice_file(office: Office, given: Record) -> int:
    texts = dict.fromkeys(("name", "description", "text", "voiceCode", "fileName"), "")
    made = texts | {"status": "pending", "size": 0} | given
    file_id = create(office, "voice_files", made)
    address = f"{_FILES}/{file_id}"
    urls = {"url": address, "mp3Url": f"{address}.mp3", "wavUrl": f"{address}.wav"}
    office.tables["voice_files"].change(file_id, urls)
    if made["status"] == "pending":
        due = office.now() + timedelta(seconds=office.seconds_until_ready)
        office.agenda.add(due, partial(_become_ready, office, file_id))
    return file_id


def _become_ready(office: Office, file_id: int) -> None:
    files = office.tables["voice_files"]
    if file_id in files and files.row(file_id).record["status"] == "pending":
        files.change(file_id, {"status": "ready"})


def watch(office: Office, call_id: int) -> None:
    """Bring an RSVP call's state up to date, now and when it is due."""
    call = office.record("rsvp_calls", call_id)
    for at in (utc(call["startTime"]), utc(call["endTime"])):
        if at > office.now():
            office.agenda.add(at, partial(turn, office, call_id))
    turn(office, call_id)


# ── what the vendor makes of what is given, by the resource ────────────────


def _settled(office: Office, name: str, given: Record, old: Record) -> Record:
    """Return what a record has instead of, or besides, what is given.

    ``old`` is the record before, empty for a new one.
    """
    born = _BORN[name]() if name in _BORN and not old else {}
    return born | (_SETTLED[name](office, given, old) if name in _SETTLED else {})


def _message(office: Office, given: Record, _: Record, name: str) -> Record:
    """Resolve the receivers; *ours*: what has no time goes out now."""
    settled: Record = {}
    if "actionTime" in given:
        settled["actionTime"] = given["actionTime"] or office.written_now()
    if "receivers" in given:
        kind = "email" if name == "emails" else "phone"
        wanted, now = given["receivers"], office.written_now()
        settled["receivers"] = addressees(office, wanted, kind, now)
        settled["priceEstimateInCents"] = CENTS[name] * len(wanted)
    return settled


def _click_to_call(office: Office, given: Record, _: Record) -> Record:
    _check_ready(office, given["voiceFileId"])
    week = office.written(office.now() + EXPIRES_AFTER)
    return {
        "receivers": receivers(office, given["receivers"]),
        "expiresAt": given["expiresAt"] or week,
    }


def _rsvp_call(office: Office, given: Record, old: Record) -> Record:
    """Check the voice files and the start; the state is `dialling.turn`'s affair."""
    for file in given["voiceFiles"]:
        _check_ready(office, file["voiceFileId"])
    settled: Record = {"state": old.get("state", "waitingToActive")}
    if given.get("state") is not None or not old:
        settled["halted"] = given["state"] == "halt"
    if "startTime" in given:
        settled["startTime"] = _start(given["startTime"], office.now())
    if not old:
        settled["receivers"] = receivers(office, given["receivers"])
    return settled


def _start(given: str | None, now: datetime) -> str:
    """Return when to begin; null is now."""
    if given is None:
        return utc_written(now)
    if utc(given) < now - LONGEST_PAST:
        raise RefusedError(400, "startTime over 1h in the past is not allowed")
    return given


def _check_ready(office: Office, file_id: int) -> None:
    status = office.named("voice_files", file_id)["status"]
    if status != "ready":
        rule = "Only voice files with status ready can be used"
        raise RefusedError(400, f"{rule}: voice_files/{file_id} is {status}")


_BORN: Final[Mapping[str, Callable[[], Record]]] = {
    "groups": lambda: {"members": {}},
    "calls": lambda: {"totalDuration": 0},
    "subusers": lambda: {"authToken": secrets.token_hex(16)},
}
_SETTLED: Final[Mapping[str, Callable[[Office, Record, Record], Record]]] = {
    "click_to_calls": _click_to_call,
    "rsvp_calls": _rsvp_call,
    **{name: partial(_message, name=name) for name in CENTS},
}
