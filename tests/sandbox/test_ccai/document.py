"""The document's account, requests and answers, as it prints them."""

from datetime import datetime, timedelta
from typing import Final

from connector.sandbox.ccai import Agent, CcaiSandbox, Menu

Json = dict[str, object]

ADMIN, AGENT, ALLEN = (f"{who}@somedomain.com" for who in ("admin", "agent", "allen"))
MENU: Final = 9
EMAIL_MENU: Final = 50
TICKETS: Final = {"71450": "381630957514", "76517": "389391400633"}
"""With the contacts that the examples show with them."""
KOREAN: Final = "+82-10-6861-2345"

OUTBOUND: Final[Json] = {
    "call_type": "Voice Outbound (API)",
    "agent_email": ADMIN,
    "end_user_number": "+1 859-657-9625",
    "outbound_number": "+1 339-219-5276",
    "lang": "en",
}
OUTBOUND_BY_TICKET: Final[Json] = {
    "call_type": "Voice Outbound (API)",
    "agent_email": ADMIN,
    "ticket_id": "71450",
    "outbound_number": "+1 339-219-5276",
    "lang": "en",
}
INBOUND: Final[Json] = {
    "call_type": "Voice Inbound (API)",
    "lang": "en",
    "menu_id": MENU,
    "end_user_number": KOREAN,
    "recording_permission": "recording_permission_granted",
}
INBOUND_BY_TICKET: Final[Json] = {
    **INBOUND,
    "ticket_id": "76517",
    "end_user_number": "+1 859-657-9625",
}
SCHEDULED: Final[Json] = {
    **INBOUND,
    "call_type": "Voice Scheduled (API)",
    "scheduled_at": "2019-09-15T00:19:14.421Z",
}

_CREATED: Final[Json] = {
    "lang": "en",
    "queued_at": None,
    "assigned_at": None,
    "connected_at": None,
    "ends_at": None,
    "scheduled_at": None,
    "wait_duration": 0,
    "call_duration": 0,
    "hold_duration": 0,
    "rating": None,
    "has_feedback": False,
    "out_ticket_id": None,
    "out_ticket_url": None,
    "verified": False,
    "recording_url": None,
    "recording_permission": "not_asked",
    "voicemail_reason": "not_voicemail",
    "deflection": "no_deflection",
    "disconnected_by": "disconnected_by_unknown",
    "fail_reason": "nothing",
    "fail_details": None,
    "support_number": None,
    "selected_menu": None,
    "menu_path": None,
    "agent_info": None,
    "end_user": None,
    "photos": [],
    "videos": [],
    "transfers": [],
    "deflection_details": [],
    "offer_type": None,
    "offer_events": [],
    "answer_type": "manual",
    "outbound_number": "+1 339-219-5276",
}
"""What all examples of an answer have in common."""


def _participant(number: int, kind: str, call: int, **who: int) -> Json:
    return {
        "id": number,
        "type": kind,
        "status": "waiting",
        "call_id": call,
        "user_id": who.get("user_id"),
        "end_user_id": who.get("end_user_id"),
        "call_duration": None,
        "hold_duration": None,
        "connected_at": None,
        "ended_at": None,
        "fail_reason": "nothing",
    }


_AGENT_INFO: Final[Json] = {
    "id": 1,
    "agent_number": None,
    "name": "Admin UJET",
    "last_name": "UJET",
    "first_name": "Admin",
    "avatar_url": "https://somedomain.com/avatar.jpg",
}
_MENU: Final[Json] = {
    "id": 9,
    "name": "Lock Star",
    "parent_id": None,
    "position": 0,
    "deleted": False,
    "menu_type": "ivr_menu",
    "output_msg": "You selected Lock Star.",
    "hidden": False,
}
_END_USER: Final[Json] = {
    "id": 75,
    "identifier": None,
    "out_contact_id": "389391400633",
}

OUTBOUND_ANSWER: Final[Json] = {
    **_CREATED,
    "id": 397,
    "call_type": "Voice Outbound (API)",
    "status": "assigned",
    "created_at": "2019-06-07T01:27:30.406Z",
    "assigned_at": "2019-06-07T01:27:30.441Z",
    "voip_provider": "voip_provider_twilio",
    "agent_info": _AGENT_INFO,
    "participants": [
        _participant(610, "agent", 397, user_id=1),
        _participant(611, "end_user", 397),
    ],
}
OUTBOUND_BY_TICKET_ANSWER: Final[Json] = {
    **OUTBOUND_ANSWER,
    "id": 398,
    "created_at": "2019-06-07T01:28:47.955Z",
    "assigned_at": "2019-06-07T01:28:47.971Z",
    "out_ticket_id": "71450",
    "end_user": {"id": 67, "identifier": None, "out_contact_id": "381630957514"},
    "participants": [
        _participant(612, "agent", 398, user_id=1),
        _participant(613, "end_user", 398, end_user_id=67),
    ],
}
INBOUND_ANSWER: Final[Json] = {
    **_CREATED,
    "id": 515,
    "call_type": "Voice Inbound (API)",
    "status": "queued",
    "created_at": "2019-09-10T00:19:14.000Z",
    "queued_at": "2019-09-10T00:19:14.421Z",
    "selected_menu": _MENU,
    "menu_path": {"items_count": 1, "name": "Lock Star", "materialized_path": "9"},
    "end_user": _END_USER,
    "participants": [_participant(820, "end_user", 515, end_user_id=75)],
    "offer_type": "cascade",
    "offer_events": [{"casting_time": "2019-09-10T00:19:14.000Z", "group": "Group 1"}],
}
INBOUND_BY_TICKET_ANSWER: Final[Json] = {
    **INBOUND_ANSWER,
    "id": 519,
    "created_at": "2019-09-10T05:12:26.000Z",
    "queued_at": "2019-09-10T05:12:26.295Z",
    "out_ticket_id": "76517",
    "participants": [_participant(826, "end_user", 519, end_user_id=75)],
    "offer_events": [{"casting_time": "2019-09-10T05:12:26.000Z", "group": "Group 1"}],
}
SCHEDULED_ANSWER: Final[Json] = {
    **INBOUND_ANSWER,
    "queued_at": None,
    "scheduled_at": "2019-09-15T00:19:14.421Z",
}


def at(written: str) -> datetime:
    """Return the moment that a call of the document begins at."""
    return datetime.fromisoformat(written)


def settle_in(sandbox: CcaiSandbox) -> None:
    """Let the people and menus of the document into the account, with their ids."""
    account = sandbox.account
    for number, (email, name) in enumerate(
        {ADMIN: "Admin", AGENT: "Agent", ALLEN: "Allen"}.items(), start=1
    ):
        account.add_agent(
            Agent(
                id=number,
                first_name=name,
                last_name="UJET",
                email=email,
                avatar_url="https://somedomain.com/avatar.jpg",
            )
        )
    account.add_menu(Menu(id=MENU, name="Lock Star"))
    account.ids.pass_by("end_user", 66)
    account.add_ticket("71450", number="+1 859-657-0001", contact=TICKETS["71450"])
    account.ids.pass_by("end_user", 74)
    account.add_ticket("76517", number=KOREAN, contact=TICKETS["76517"])


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
