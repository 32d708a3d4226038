"""Lifelike calls of the cast, made from a seed.

Ours: the words for why a call failed, was deflected or ended as a voicemail, of which
the document shows only the ones for *not*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from connector.sandbox.ccai.account import MAIN_NUMBER, Account, EndUser, Menu
from connector.sandbox.ccai.apps import new_call, participants
from connector.sandbox.ccai.calls import (
    BLANK,
    INBOUND,
    INBOUND_APP,
    OUTBOUND,
    SCHEDULED,
    Call,
)
from connector.sandbox.ccai.forms import PERMITTED
from connector.sandbox.ccai.moments import stamp
from connector.sandbox.ccai.rules import Wanted

TYPES: Final = {INBOUND: 48, OUTBOUND: 40, INBOUND_APP: 9, SCHEDULED: 3}
CALLED: Final = {"finished": 80, "failed": 20}
CALLING: Final = {
    "finished": 76,
    "failed": 6,
    "deflected": 5,
    "voicemail_received": 5,
    "voicemail_read": 5,
    "recovered": 2,
    "action_only_finished": 1,
}
"""How often there is each type, and how a call to or from a customer ended, in
percent."""
CHANCES: Final = {"ticket": 45, "recorded": 70, "rated": 20, "held": 15}
"""In percent."""

TALKED: Final = {"finished", "recovered"}
WITH_AGENT: Final = {*TALKED, "voicemail_read"}
ENDINGS: Final[dict[str, Call]] = {
    "failed": {"fail_reason": "no_answer", "fail_details": "Nobody answered."},
    "deflected": {"deflection": "over_capacity"},
    "voicemail_received": {"voicemail_reason": "after_hours"},
    "voicemail_read": {"voicemail_reason": "after_hours"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """How long a call took, in whole seconds, until it ended at ``ended``."""

    ended: datetime
    waited: int
    talked: int

    @property
    def connected(self) -> datetime:
        return self.ended - timedelta(seconds=self.talked)

    @property
    def created(self) -> datetime:
        return self.connected - timedelta(seconds=self.waited)


def ended_call(rng: Random, at: datetime, account: Account) -> tuple[Call, str]:
    """Make up a call that ended at ``at``; return it and its customer's number."""
    ticket, end_user = _matter(rng, account)
    kind = _one_of(rng, TYPES)
    called = kind in {OUTBOUND, SCHEDULED}
    status = _one_of(rng, CALLED if called else CALLING)
    talked = int(rng.lognormvariate(4.6, 1)) + 1 if status in TALKED else 0
    course = _Course(ended=at, waited=rng.randint(2, 180), talked=talked)
    call = {
        **BLANK,
        "call_type": kind,
        "status": status,
        "out_ticket_id": ticket,
        "out_ticket_url": f"https://crm.ccai.example/{ticket}" if ticket else None,
        "end_user": end_user.shown(),
        "outbound_number" if called else "support_number": MAIN_NUMBER,
        **_times(course, queued=not called),
        **(_menu(rng, account) if not called else {}),
        **_agent(rng, account, end_user, taken=called or status in WITH_AGENT),
        **ENDINGS.get(status, {}),
        **(_afterwards(rng, talked) if talked else {}),
    }
    return call, end_user.number


def begun_call(
    rng: Random, at: datetime, account: Account
) -> tuple[Call, str, str | None]:
    """Make up a call that begins at ``at``; return it, its customer's number, and
    the ticket that it has only later."""
    ticket, end_user = _matter(rng, account)
    called = _one_of(rng, TYPES) == OUTBOUND
    wanted = Wanted(
        kind=OUTBOUND if called else INBOUND,
        lang="en",
        dial_from=MAIN_NUMBER,
        agent=account.agent_for(rng, end_user) if called else None,
        menu=None if called else rng.choice(_menus(account)),
    )
    return new_call(wanted, end_user, at), end_user.number, ticket


def moments(
    rng: Random, count: int, until: datetime, days: float
) -> Iterator[datetime]:
    """Yield so many moments of the days before, in order; the team is in two
    continents, so somebody works at any hour."""
    ago = sorted((days * rng.random() for _ in range(count)), reverse=True)
    for each in ago:
        yield until - timedelta(days=each)


def _matter(rng: Random, account: Account) -> tuple[str | None, EndUser]:
    """Choose what a call is about: a ticket and whose it is, or only somebody."""
    if account.tickets and _happens(rng, "ticket"):
        ticket = rng.choice(tuple(account.tickets))
        return ticket, account.tickets[ticket]
    return None, account.somebody(rng)


def _one_of(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(tuple(weights), tuple(weights.values()))[0]


def _happens(rng: Random, what: str) -> bool:
    return rng.random() * 100 < CHANCES[what]


def _times(course: _Course, *, queued: bool) -> Call:
    talked = course.talked > 0
    return {
        "created_at": stamp(course.created),
        "queued_at": stamp(course.created) if queued else None,
        "connected_at": stamp(course.connected) if talked else None,
        "ends_at": stamp(course.ended),
        "wait_duration": course.waited,
        "queue_duration": course.waited,
        "call_duration": course.talked,
    }


def _menu(rng: Random, account: Account) -> Call:
    menu = rng.choice(_menus(account))
    return {"selected_menu": menu.selected(), "menu_path": menu.path()}


def _menus(account: Account) -> list[Menu]:
    return [menu for menu in account.menus.values() if menu.kind in PERMITTED]


def _agent(rng: Random, account: Account, end_user: EndUser, *, taken: bool) -> Call:
    agent = account.agent_for(rng, end_user) if taken else None
    there = participants(agent.id if agent else None, end_user)
    return {
        "agent_info": agent.info() if agent else None,
        "participants": [each | {"status": "finished"} for each in there],
    }


def _afterwards(rng: Random, talked: int) -> Call:
    """Make up what is known of a talk besides."""
    address = f"https://recordings.ccai.example/{rng.getrandbits(64):016x}.mp3"
    rated = _happens(rng, "rated")
    hung_up = rng.choice(("end_user", "agent"))
    return {
        "hold_duration": rng.randint(0, talked) if _happens(rng, "held") else 0,
        "recording_url": address if _happens(rng, "recorded") else None,
        "rating": rng.randint(1, 5) if rated else None,
        "has_feedback": rated,
        "disconnected_by": f"disconnected_by_{hung_up}",
    }
