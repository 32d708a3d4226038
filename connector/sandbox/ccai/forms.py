"""What the parameters of a new call have to be like.

Source: call API, the tables and examples of the outbound, incoming and scheduled
call. Each function reads one value: ValueError or TypeError where its form is wrong,
RefusedError where the document has a message of its own.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.sandbox.ccai.account import Account, Agent, Menu, digits
from connector.sandbox.ccai.calls import Call
from connector.sandbox.ccai.languages import LANGUAGES
from connector.sandbox.ccai.moments import moment

PERMITTED: Final = {"ivr", "mobile", "web"}
"""The tables, the messages and the examples (whose menu 9 is an IVR menu, also for a
scheduled call) allow different two of these: every one that any of them allows."""
RECORDING: Final = {
    f"recording_permission_{answer}" for answer in ("not_asked", "denied", "granted")
}
LONGEST_NUMBER, SHORTEST_NUMBER, NORTH_AMERICAN = 15, 8, 11
"""Digits with the country's code; the third is that of +1, always."""
NUMBER: Final = re.compile(r"\+[\d ().-]+")
"""Ours, but for the examples: +1 999-657-12 and 123123 are not well formed. Two
examples that accept the latter are taken for misprints: two others refuse it."""
STATES: Final = {
    "manual redirection": "Menu is in 'manual redirection' state, can't accept calls",
    "after hours": "Menu is in 'after hours' state, can't accept incoming calls",
}


class RefusedError(Exception):
    """The platform answers with this status and message."""

    def __init__(self, message: str, status: int = 400) -> None:
        """``status`` is one of HTTP."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a request is judged by."""

    account: Account
    now: datetime
    find: Callable[[int], Call | None]


def text(value: object, _: Known) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def agent(value: object, known: Known) -> Agent:
    found = known.account.agents.get(str(value))
    if found is None:
        raise ValueError
    return found


def ticket(value: object, known: Known) -> str:
    """Read a ticket; the example of an unknown one has a number, not text."""
    if str(value) not in known.account.tickets:
        raise ValueError
    return str(value)


def phone(value: object, _: Known) -> str:
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        raise ValueError
    american = digits(value).startswith("1")
    least = NORTH_AMERICAN if american else SHORTEST_NUMBER
    most = NORTH_AMERICAN if american else LONGEST_NUMBER
    if not least <= len(digits(value)) <= most:
        raise ValueError
    return value


def whole(value: object, _: Known) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def menu(message: str) -> Callable[[object, Known], Menu]:
    def read(value: object, known: Known) -> Menu:
        found = known.account.menus.get(whole(value, known))
        if found is None:
            raise RefusedError(f"menu_id {value} is not found")
        if found.kind not in PERMITTED:
            raise RefusedError(message)
        if found.state in STATES:
            raise RefusedError(STATES[found.state])
        return found

    return read


def call(value: object, known: Known) -> Call:
    found = known.find(whole(value, known))
    if found is None:
        raise RefusedError(f"call_id {value} is not found")
    return found


def language(value: object, known: Known) -> str:
    code = str(value)
    if code.split("-", maxsplit=1)[0] not in LANGUAGES:
        raise RefusedError(f"Language '{code}' is not found")
    if code not in known.account.languages:
        raise RefusedError(f"Language '{code}' is not available")
    return code


def future(value: object, known: Known) -> datetime:
    at = moment(value)
    if at <= known.now:
        raise RefusedError("scheduled_at is not in the future")
    return at


def recording(value: object, _: Known) -> object:
    if value not in RECORDING:
        raise ValueError
    return value
