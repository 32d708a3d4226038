"""The operations beside the usual five on each resource."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from connector.sandbox.multisender import shapes
from connector.sandbox.multisender.checks import WrongError, filled, identifier
from connector.sandbox.multisender.fields import RefusedError, read
from connector.sandbox.multisender.filters import matches
from connector.sandbox.multisender.making import VOICES, remove, spoken, uploaded
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.operations import (
    Answer,
    Asked,
    Operation,
    created,
)
from connector.sandbox.multisender.receivers import receivers
from connector.sandbox.multisender.rules import DIALLED, LOGIN, RESOURCES, SPOKEN

_ACCOUNTS, _FILES = RESOURCES["accounts"], RESOURCES["voice_files"]
FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who may log in besides subusers, and with what token."""

    email: str
    password: str
    token: str


def odd(office: Office, owner: Owner) -> list[Operation]:
    """Return the operations."""
    group, rsvp = "groups/{id:int}", "rsvp_calls/{id:int}"
    speech = "voice_files/text_to_speech"
    table: tuple[tuple[str, str, Callable[[Office, Asked], Answer]], ...] = (
        ("DELETE", "accounts", _delete_accounts),
        ("GET", f"{group}/accounts", _members),
        ("POST", f"{group}/accounts", _add_members),
        # The text prints the first of these; the second is like the one above.
        ("DELETE", f"{group}/{{account:int}}", _remove_member),
        ("DELETE", f"{group}/accounts/{{account:int}}", _remove_member),
        # Printed as the URL of deleting a group, and of deleting a subuser.
        ("DELETE", f"{group}/accounts", partial(_delete, "groups")),
        ("DELETE", "subusers/{id:int}/accounts", partial(_delete, "subusers")),
        ("GET", "calls/{id:int}/receivers", partial(_addressed, "calls")),
        ("GET", "smses/{id:int}/receivers", partial(_addressed, "smses")),
        ("POST", f"{rsvp}/receivers", _add_receivers),
        ("GET", f"{rsvp}/receivers", _called),
        ("GET", f"{rsvp}/stats", _stats),
        ("GET", f"{speech}/voice_codes", _voice_codes),
        ("POST", speech, _speak),
    )
    return [
        *(Operation(method=m, path=p, act=partial(act, office)) for m, p, act in table),
        Operation(
            method="POST",
            path="login",
            act=partial(_login, office, owner),
            needs_token=False,
        ),
        Operation(
            method="POST", path="voice_files", act=partial(_upload, office), media=FORM
        ),
    ]


def _delete_accounts(office: Office, asked: Asked) -> Answer:
    """Delete all accounts, or those that match a filter; *ours*: never by neither."""
    if "all" in asked.query:
        doomed = [row.record["id"] for row in office.tables["accounts"]]
    elif "filterId" in asked.query:
        doomed = _matching(office, asked.query["filterId"])
    else:
        raise RefusedError(400, "all or filterId is required")
    for account_id in doomed:
        remove(office, "accounts", account_id)
    return Answer(status=204)


def _matching(office: Office, filter_id: str) -> list[int]:
    if not filter_id.isdecimal():
        raise RefusedError(400, "filterId must be an id")
    wanted = office.named("accounts/filters", int(filter_id))["filters"]
    records = [row.record for row in office.tables["accounts"]]
    return [
        record["id"]
        for record in records
        if matches(wanted, shapes.shown(office, _ACCOUNTS, record))
    ]


def _members(office: Office, asked: Asked) -> Answer:
    return Answer(content=shapes.members(office, office.record("groups", asked.id)))


def _add_members(office: Office, asked: Asked) -> Answer:
    """Add accounts; *ours*: those that are in the group already are not answered."""
    group = office.record("groups", asked.id)
    wanted = _account_ids(asked.body)
    for account_id in wanted:
        office.named("accounts", account_id)
    new = [i for i in dict.fromkeys(wanted) if i not in group["members"]]
    group["members"].update(dict.fromkeys(new))
    content = [{"groupId": str(asked.id), "accountId": str(i)} for i in new]
    return Answer(status=201, content=content)


def _account_ids(body: object) -> Sequence[int]:
    """Read an array of objects, as the example has it, or accountIds of the table."""
    if isinstance(body, dict) and body.keys() == {"accountIds"}:
        body = body["accountIds"]
    try:
        return [_account_id(item) for item in filled(body)]
    except WrongError as error:
        raise RefusedError(400, f"accountIds {error}") from None


def _account_id(item: object) -> int:
    if isinstance(item, dict):
        only = item.keys() == {"accountId"}
        return identifier(item["accountId"] if only else None)
    return identifier(item)


def _remove_member(office: Office, asked: Asked) -> Answer:
    members = office.record("groups", asked.id)["members"]
    if asked.ids["account"] not in members:
        raise RefusedError(404, "The account is not in the group")
    del members[asked.ids["account"]]
    return Answer(status=204)


def _delete(name: str, office: Office, asked: Asked) -> Answer:
    remove(office, name, asked.id)
    return Answer(status=204)


def _addressed(name: str, office: Office, asked: Asked) -> Answer:
    record = office.record(name, asked.id)
    return Answer(content=shapes.addressed(office, record))


def _add_receivers(office: Office, asked: Asked) -> Answer:
    call = office.record("rsvp_calls", asked.id)
    try:
        wanted = DIALLED(asked.body)
    except WrongError as error:
        raise RefusedError(400, f"receivers {error}") from None
    known = call["receivers"]
    new = receivers(office, wanted, known)
    changes = {"receivers": [*known, *new], "updatedAt": office.written_now()}
    office.tables["rsvp_calls"].change(asked.id, changes)
    content = shapes.added(office, call, new)
    location = f"rsvp_calls/{asked.id}/receivers"
    return Answer(status=201, content=content, location=location)


def _called(office: Office, asked: Asked) -> Answer:
    return Answer(content=shapes.called(office, office.record("rsvp_calls", asked.id)))


def _stats(office: Office, asked: Asked) -> Answer:
    call = office.record("rsvp_calls", asked.id)
    return Answer(content=shapes.stats_alone(office, call))


def _voice_codes(office: Office, _: Asked) -> Answer:
    stamps = dict.fromkeys(("updatedAt", "createdAt"), office.opened)
    codes = [
        {"voiceCode": code, "description": description} | stamps
        for code, description in VOICES.items()
    ]
    return Answer(content=codes)


def _speak(office: Office, asked: Asked) -> Answer:
    file_id = spoken(office, read(SPOKEN, asked.body))
    return created(_FILES, file_id, shapes.one(office, _FILES, file_id))


def _upload(office: Office, asked: Asked) -> Answer:
    files = [part for part in asked.parts if part.name == "files" and part.file_name]
    if not files:
        raise RefusedError(400, "files is required")
    ids = [uploaded(office, str(file.file_name), file.content) for file in files]
    content = {"files": [shapes.uploaded(office, file_id) for file_id in ids]}
    return created(_FILES, ids[0], content)


def _login(office: Office, owner: Owner, asked: Asked) -> Answer:
    given = read(LOGIN, asked.body)
    token = _token(office, owner, given["email"], given["password"])
    return Answer(status=201, content={"authToken": token})


def _token(office: Office, owner: Owner, email: str, password: str) -> str:
    if (email, password) == (owner.email, owner.password):
        return owner.token
    user_id = office.tables["subusers"].find("email", email)
    if user_id is not None:
        user = office.record("subusers", user_id)
        if user["password"] == password:
            return str(user["authToken"])
    raise RefusedError(401, "Wrong email or password")
