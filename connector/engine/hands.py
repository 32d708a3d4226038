"""What people did in the CRM stands: what may still be linked, and what is noted. Pure.

A field is ours to write as long as it is as we left it: with whom we sent, or empty
where we sent nobody. An owner whom nobody chose is our own user, whom the CRM put.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from connector.engine.choosing import LEAD, WHAT, WHO
from connector.engine.comparing import SAME_ID
from connector.model import LedgerRow, Link, Scalar, Want

Found = Mapping[str, Scalar]
"""A record as the CRM has it now: the fields that may be linked."""

BY_HAND = "linked in the CRM by somebody else"
EMPTIED = "emptied in the CRM by somebody else"
ELSEWHERE = "?"
"""Stands for the object of a record that we did not find ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A record that may be linked, and what to look for. ``us``: our own user."""

    known: LedgerRow
    wants: tuple[Want, ...]
    us: str | None = None

    def before(self, name: str) -> Link | None:
        """What we know of a field."""
        return (self.known.links or {}).get(name)

    def sent(self, name: str) -> str | None:
        """What we pointed a field at, last."""
        link = self.before(name)
        return link.id if link else None

    def differs(self, name: str, link: Link) -> bool:
        """Whether somebody was found, and not who we pointed the field at already."""
        return bool(link.object and link.id) and not _same(self.sent(name), link.id)

    def touched(self, name: str, now: Scalar) -> str:
        """Say what somebody else did to a field; empty: it is as we left it."""
        before = self.before(name)
        if now:
            ours = _same(now, self.sent(name) or self.us)
            return "" if ours and not _was_by_hand(before) else BY_HAND
        return EMPTIED if before and (before.id or before.why == EMPTIED) else ""


@dataclass(slots=True, kw_only=True)
class Decided:
    """What is to be written, by record and field, and what is only noted."""

    write: dict[str, dict[str, Link]] = field(default_factory=dict)
    note: dict[str, dict[str, Link]] = field(default_factory=dict)

    def decide(
        self, case: Case, links: Mapping[str, Link], current: Found | None
    ) -> None:
        """Decide on a record, given what the CRM has of it; None: it was deleted."""
        for name, link in links.items():
            if not case.differs(name, link):
                self._note(case, name, _kept(case.before(name), link))
            elif current is None:
                gone = replace(
                    link, id=None, object=ELSEWHERE, why="the record is gone"
                )
                self._note(case, name, gone)
            else:
                self._against(case, name, link, current)

    def _against(self, case: Case, name: str, link: Link, current: Found) -> None:
        """Decide on one field, given what the CRM has in it now."""
        now, write = current.get(name), self.write.get(case.known.key, {})
        if _same(now, link.id):
            self._note(case, name, link)
        elif why := case.touched(name, now):
            self._note(case, name, by_hand(link, now, why))
        elif why := _in_the_way(name, link, current, write):
            self._note(case, name, _held_back(link, why))
        else:
            self.write.setdefault(case.known.key, {})[name] = link

    def _note(self, case: Case, name: str, link: Link) -> None:
        self.note.setdefault(case.known.key, {})[name] = link


def refused(links: Mapping[str, Link], words: str) -> dict[str, Link]:
    """Note links that the CRM refused for good, in its words."""
    return {
        name: replace(
            link, id=None, object=ELSEWHERE, why=f"{link.why}; refused: {words}"
        )
        for name, link in links.items()
    }


def fitting(links: Mapping[str, Link], current: Found) -> dict[str, Link]:
    """Return links to send; those that the record can't have are held back."""
    ways = {
        n: _in_the_way(n, link, current, {}) for n, link in links.items() if link.id
    }
    return {
        n: _held_back(x, why) if (why := ways.get(n)) else x for n, x in links.items()
    }


def by_hand(link: Link, now: Scalar, why: str) -> Link:
    """Note what somebody else put into a field instead of a link."""
    crm_id = str(now) if now else None
    return replace(link, id=crm_id, who="", object=ELSEWHERE, why=why)


def _was_by_hand(before: Link | None) -> bool:
    """Whether we only noted a link: what we know of it then is not what we sent."""
    return before is not None and before.why == BY_HAND


def _same(one: object, other: object) -> bool:
    return bool(one) and bool(other) and str(one)[:SAME_ID] == str(other)[:SAME_ID]


def _kept(before: Link | None, link: Link) -> Link:
    """Return what is known of a field that stays as it is: what was sent, and why."""
    if link.object or before is None:
        return link
    same = before.values == link.values and not (before.among or link.among)
    return before if before.object or same else replace(link, id=before.id)


def _held_back(link: Link, why: str) -> Link:
    return replace(link, id=None, why=f"{link.why}; not linked, as {why}")


def _in_the_way(
    name: str, link: Link, current: Found, others: Mapping[str, Link]
) -> str:
    """Say why a record can't have this link: beside a lead there is no WhatId."""
    if name == WHO and link.object == LEAD and (current.get(WHAT) or WHAT in others):
        return f"{WHAT} is set, and beside a lead it must not be"
    who = others.get(WHO)
    if name == WHAT and who and who.object == LEAD:
        return f"{WHO} is a lead"
    return ""
