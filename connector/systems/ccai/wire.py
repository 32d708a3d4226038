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

    Either header is missing in some revisions. ``at``: the answer's Date. ``size``:
    how many rows a page has, by its Per-Page.
    """

    rows: list[Json]
    linked: bool
    total: int | None
    at: datetime | None
    size: int | None = None

    @property
    def more(self) -> bool | None:
        """Whether there are more rows after these, if this is the first page.

        None: no header tells, and it has fewer rows than were asked for. A total of
        just these rows may be that of the page, where pages are smaller than asked for.
        """
        shown = len(self.rows)
        if not shown:
            return False
        if self.linked or shown >= PER or (self.total or 0) > shown:
            return True
        return False if self.total == shown < (self.size or 0) else None


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
    return ListPage(
        rows=rows,
        linked=bool(_NEXT.search(answer.headers.get("link", ""))),
        total=_count(answer, "total"),
        at=answer.date,
        size=_count(answer, "per-page"),
    )


def message(answer: Answer) -> str:
    """Return what a refusal says, on one line; empty if it says nothing."""
    body = _body(answer)
    given = body.get("message") if isinstance(body, dict) else None
    return " ".join(given.split()) if isinstance(given, str) else ""


def flags(answer: Answer) -> Json:
    """Read the flags of a customer; None where the answer has none."""
    return answer.json() if answer.body.strip() else None


def _count(answer: Answer, header: str) -> int | None:
    told = answer.headers.get(header, "").strip()
    return int(told) if _COUNT.fullmatch(told) else None


def _body(answer: Answer) -> Json:
    """Return a body; None where there is none, or none that can be read."""
    try:
        return answer.json()
    except UnavailableError:
        return None
