"""The JSON of the CCAI Platform. Keys that are not here are ignored."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.errors import UnavailableError
from connector.systems.ccai.operations import PER
from connector.transport.answer import Answer
from connector.transport.jsontext import Json

CREATED: Final = 201
ACCEPTED: Final = (200, 202)
_NEXT: Final = re.compile(r"<[^>]*>[^,]*;\s*rel\s*=\s*\"?next\b", re.IGNORECASE)
_COUNT: Final = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What came of asking for a call.

    ``created``: there is one, and ``call`` is it, as far as the answer could be read.
    Else the request was accepted, and an agent must choose in the widget first;
    ``call`` is then what was asked for, or None.
    """

    created: bool
    call: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of a list. ``linked``: it names a next page. ``total``: of all pages.

    Either header is missing in some revisions. ``at``: the answer's Date.
    """

    rows: list[Json]
    linked: bool
    total: int | None
    at: datetime | None

    @property
    def more(self) -> bool | None:
        """Whether there are more rows after these, if this is the first page.

        None: no header tells, and it has fewer rows than were asked for.
        """
        if not self.rows:
            return False
        if self.linked or len(self.rows) >= PER:
            return True
        return None if self.total is None else len(self.rows) < self.total


def placing(answer: Answer) -> Placing:
    """Read an answer to a call that was asked for; it is one of success."""
    body = _body(answer)
    has_id = isinstance(body, dict) and body.get("id") is not None
    return Placing(created=answer.status == CREATED or has_id, call=body)


def list_page(answer: Answer, name: str) -> ListPage:
    """Read a list, bare or as ``name`` of an object; UnavailableError if it is none."""
    body = answer.json()
    rows = body.get(name) if isinstance(body, dict) else body
    if not isinstance(rows, list):
        raise UnavailableError(f"{answer.host} answered without a list of {name}")
    total = answer.headers.get("total", "").strip()
    return ListPage(
        rows=rows,
        linked=bool(_NEXT.search(answer.headers.get("link", ""))),
        total=int(total) if _COUNT.fullmatch(total) else None,
        at=answer.date,
    )


def message(answer: Answer) -> str:
    """Return what a refusal says, on one line; empty if it says nothing."""
    body = _body(answer)
    given = body.get("message") if isinstance(body, dict) else None
    return " ".join(given.split()) if isinstance(given, str) else ""


def flags(answer: Answer) -> Json:
    """Read the flags of a customer; None where the answer has none."""
    return answer.json() if answer.body.strip() else None


def _body(answer: Answer) -> Json:
    """Return a body; None where there is none, or none that can be read."""
    try:
        return answer.json()
    except UnavailableError:
        return None
