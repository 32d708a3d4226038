"""Calls to the shared cast, made from a seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from connector.sandbox.callyzer.people import CLIENTS, NEWCOMER, TEAM, Client
from connector.sandbox.multisender.dialling import (
    KINDS,
    Kind,
    Ring,
    next_receiver,
    note,
    ring,
)
from connector.sandbox.multisender.fields import Record, blanks
from connector.sandbox.multisender.making import EXPIRES_AFTER, create, spoken, watch
from connector.sandbox.multisender.office import Office, utc_written
from connector.sandbox.multisender.receivers import Reply, new_account, receiver
from connector.sandbox.multisender.rules import PLAYED, REDIALS, RESOURCES, WEEKDAYS
from connector.sandbox.population import person

CLICKS_IN_100: Final = 70
"""How many of the calls are click to calls, in percent; the rest are RSVP calls."""
ANSWERED_IN_100: Final = 60
UNFINISHED_IN_100: Final = 10
"""How many calls stop before everybody was called, in percent."""
RINGS_IN_100: Final = 60
"""How often an arrival is another call to a receiver, if somebody is waiting."""
NEWCOMER_ONE_IN: Final = 40
REPLIES: Final[Mapping[Reply | None, int]] = {"accept": 50, "decline": 30, None: 20}
RECEIVERS: Final = {"click_to_calls": (1, 3), "rsvp_calls": (3, 8)}
ACCEPTS_WANTED: Final = 2
LASTS: Final = timedelta(days=2)
"""How long an RSVP call goes on."""
BETWEEN_RINGS: Final = 90
"""Seconds, at least, from one call to the next."""
OFFICE_HOURS: Final = range(9, 18)
WEEKEND: Final = (5, 6)
CAMPAIGNS: Final = ("renewals", "spring visit", "service check", "invitation")
WORKING: Final = [
    {"weekday": day, "active": "0" if day in WEEKDAYS[5:] else "1"} for day in WEEKDAYS
]
BUTTONS: Final = [
    {"button": "5", "action": "accept"},
    {"button": "9", "action": "decline"},
]
GREETING: Final = "Good day, this is the sandbox. Press five to agree, nine to decline."


@dataclass(kw_only=True, eq=False)
class Cast:
    """Makes calls up; with ``people``, to the first so many of the population."""

    office: Office
    people: int = 0
    _file_id: int = 0

    def load(self, count: int, rng: Random, days: float) -> None:
        """Make up ``count`` calls of the last ``days``, oldest first."""
        self._settle_in()
        for at in sorted(self._working_moment(rng, days) for _ in range(count)):
            self._past_call(rng, at)

    def arrive(self, rng: Random) -> str:
        """Let one more thing happen now; return the path of the call concerned."""
        self._settle_in()
        waiting = self._waiting() if rng.random() * 100 < RINGS_IN_100 else []
        if not waiting:
            return self._new_call(rng)
        kind, call_id, account_id = rng.choice(waiting)
        ring(self.office, kind, call_id, account_id, _result(rng))
        return f"{kind}/{call_id}"

    def _settle_in(self) -> None:
        """Have the team as subusers and a voice file, once."""
        if self._file_id in self.office.tables["voice_files"]:
            return
        greeting = {"name": "Greeting", "text": GREETING, "voiceCode": "en"}
        self._file_id = spoken(self.office, greeting, ready=True)
        for employee in TEAM:
            first, last = employee.name.split(" ", 1)
            names = {"username": employee.email, "firstName": first, "lastName": last}
            phone = f"+{employee.country_code}{employee.number}"
            more = {"email": employee.email, "phone": phone, "company": "Sandbox"}
            user = blanks(RESOURCES["subusers"].create or ()) | names | more
            create(self.office, "subusers", user)

    def _waiting(self) -> list[tuple[Kind, int, int]]:
        """Return who may be called next, by the latest calls that are not over."""
        found = list(self._next_rings())
        self.office.open_calls.clear()
        self.office.open_calls.extend((kind, call_id) for kind, call_id, _ in found)
        return found

    def _next_rings(self) -> Iterator[tuple[Kind, int, int]]:
        for name, call_id in self.office.open_calls:
            kind = KINDS[name]
            if call_id not in self.office.tables[kind]:
                continue
            call = self.office.record(kind, call_id)
            waiting = next_receiver(call) if self._is_on(call) else None
            if waiting is not None:
                yield kind, call_id, waiting.account_id

    def _is_on(self, call: Record) -> bool:
        if "expiresAt" in call:
            return self.office.read(call["expiresAt"]) > self.office.now()
        return bool(call["state"] == "active")

    def _working_moment(self, rng: Random, days: float) -> datetime:
        """Find a moment of the last ``days`` at work, unless hardly any is."""
        now = self.office.now()
        at = now
        for _ in range(8):
            at = now - timedelta(days=days * rng.random())
            here = at.astimezone(self.office.zone)
            if here.hour in OFFICE_HOURS and here.weekday() not in WEEKEND:
                break
        return at

    def _new_call(self, rng: Random) -> str:
        made = self._call(rng, "click_to_calls", self.office.now())
        call_id = self._put("click_to_calls", made)
        return f"click_to_calls/{call_id}"

    def _past_call(self, rng: Random, at: datetime) -> None:
        click = rng.random() * 100 < CLICKS_IN_100
        kind: Kind = "click_to_calls" if click else "rsvp_calls"
        call = self._call(rng, kind, at)
        patience = rng.randint(0, 2) if rng.random() * 100 < UNFINISHED_IN_100 else 99
        self._dial(rng, call, at, patience)
        self._put(kind, call)

    def _put(self, kind: Kind, call: Record) -> int:
        call_id = self.office.tables[kind].add(call)
        self.office.open_calls.append((kind, call_id))
        if kind == "rsvp_calls":
            watch(self.office, call_id)
        return call_id

    def _dial(self, rng: Random, call: Record, at: datetime, patience: int) -> None:
        """Call the receivers, so many times at most, and never after now."""
        for _ in range(patience):
            at += timedelta(seconds=BETWEEN_RINGS + rng.expovariate(1 / 600))
            called = next_receiver(call)
            if called is None or at > self.office.now():
                return
            note(called, _result(rng), self.office.written(at))
            call["updatedAt"] = called.latest

    def _call(self, rng: Random, kind: Kind, at: datetime) -> Record:
        stamp = self.office.written(at)
        common = {
            "activeFrom": "09:00:00",
            "activeTo": "18:00:00",
            "activeWeekdays": WORKING,
            "actionButtons": BUTTONS,
            "receivers": [receiver(one) for one in self._people(rng, kind)],
            "maxRedials": REDIALS,
            "receiverWebhookUrl": None,
            "meta": {"campaign": rng.choice(CAMPAIGNS)},
            "createdAt": stamp,
            "updatedAt": stamp,
        }
        own = self._click if kind == "click_to_calls" else self._rsvp
        return common | own(at)

    def _click(self, at: datetime) -> Record:
        expires = self.office.written(at + EXPIRES_AFTER)
        return {"voiceFileId": self._file_id, "expiresAt": expires}

    def _rsvp(self, at: datetime) -> Record:
        return {
            "state": "active",
            "halted": False,
            "startTime": utc_written(at),
            "endTime": utc_written(at + LASTS),
            "voiceFiles": [{"type": t, "voiceFileId": self._file_id} for t in PLAYED],
            "acceptsWanted": ACCEPTS_WANTED,
            "stateWebhookUrl": None,
        }

    def _people(self, rng: Random, kind: Kind) -> Iterator[Record]:
        """Choose receivers, each once."""
        chosen: dict[int, Record] = {}
        for _ in range(rng.randint(*RECEIVERS[kind])):
            account = self._account(rng)
            chosen[account["id"]] = account
        return iter(chosen.values())

    def _account(self, rng: Random) -> Record:
        """Return the account of somebody, with a new one where there is none."""
        given = _somebody(rng, self.people)
        accounts = self.office.tables["accounts"]
        found = accounts.find("phone", given["phone"])
        if found is None:
            found = accounts.add(new_account(self.office, given))
        return accounts.row(found).record


def _result(rng: Random) -> Ring:
    """Make up what comes of a call."""
    if rng.random() * 100 >= ANSWERED_IN_100:
        return Ring(answered=False)
    [reply] = rng.choices(tuple(REPLIES), tuple(REPLIES.values()))
    return Ring(reply=reply, seconds=int(rng.lognormvariate(3.5, 0.6)) + 1)


def _somebody(rng: Random, people: int) -> Record:
    """Choose one of the cast, or of the population; their fields of an account."""
    if people:
        who = person(rng.randrange(people))
        phone = f"+{who.country_code}{rng.choice(who.numbers)}"
        name = {"firstName": who.first_name, "lastName": who.last_name}
        return {"phone": phone} | name
    return _client(
        NEWCOMER if not rng.randrange(NEWCOMER_ONE_IN) else rng.choice(CLIENTS)
    )


def _client(client: Client) -> Record:
    first, _, last = client.name.partition(" ")
    phone = f"+{client.country_code}{client.number}"
    return {"phone": phone, "firstName": first, "lastName": last}
