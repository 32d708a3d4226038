"""What each of the fifteen operations answers.

Source: Callyzer API 2.1, the responses. What the document leaves open is marked
*ours*.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from connector.sandbox.callyzer import (
    analytics,
    lead_rules,
    operations,
    reports,
    rules,
    words,
)
from connector.sandbox.callyzer.book import Book
from connector.sandbox.callyzer.calls import Call
from connector.sandbox.callyzer.employees import Employees
from connector.sandbox.callyzer.figures import Calls
from connector.sandbox.callyzer.leads import shown
from connector.sandbox.callyzer.moods import Moods
from connector.sandbox.callyzer.operations import Operation, Version
from connector.sandbox.callyzer.reports import Rows
from connector.sandbox.callyzer.rules import Body, Known, Page, RefusedError
from connector.sandbox.callyzer.saving import Desk
from connector.sandbox.callyzer.store import Store
from connector.sandbox.callyzer.wanted import Query

T = TypeVar("T")
Answer = Callable[[Body], bytes]
Listing = Callable[[Calls, Store], Rows]

LISTS: Final[dict[Operation, Listing]] = {
    operations.NEVER_ATTENDED: reports.never_attended,
    operations.NOT_PICKUP: reports.not_picked_up,
    operations.CLIENTS: reports.unique_clients,
}
"""The reports that are lists, in pages."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """Answers requests whose attributes are those of the document."""

    version: Version
    book: Book
    employees: Employees
    desk: Desk
    moods: Moods

    def table(self) -> dict[Operation, Answer]:
        """Which operation is answered how, in this version."""
        answers = {
            operations.SUMMARY: self._summary,
            operations.EMPLOYEES: self._employee_summary,
            operations.ANALYSIS: self._analysis,
            operations.HOURLY: self._hourly,
            operations.DAILY: self._daywise,
            operations.HISTORY: self._history,
            operations.GET: self._get,
            operations.REMOVE: self._remove,
            operations.SAVE: self._save,
            operations.BULK_SAVE: self._bulk_save,
            operations.LEADS: self._leads,
            operations.TEAM: self._employees,
        } | {operation: self._list(operation) for operation in LISTS}
        return {one.of(self.version): answer for one, answer in answers.items()}

    # ── calls ──────────────────────────────────────────────────────────────

    def _history(self, body: Body) -> bytes:
        query = self._query(operations.HISTORY, body)
        page = rules.page(operations.HISTORY, body)
        found = self.book.store.find(query)
        rows = self._sent(self._cut(found, page))
        return _rows(rows, _counts(len(found), page))

    def _cut(self, found: Sequence[str], page: Page) -> Sequence[str]:
        repeated = _used(self.moods.repeats, page.number)
        ids = _of_page(found, Page(number=page.number - repeated, size=page.size))
        return ids[: len(ids) // 2] if _used(self.moods.shortens, page.number) else ids

    def _get(self, body: Body) -> bytes:
        return _rows(self._sent(rules.unique_ids(body)), {})

    def _sent(self, ids: Iterable[str]) -> list[bytes]:
        rows = self.book.store.sent(ids)
        return [_text_duration(r) for r in rows] if self.moods.text_durations else rows

    def _remove(self, body: Body) -> bytes:
        results = [self._without_recording(i) for i in rules.unique_ids(body)]
        return _json({"result": results, "message": ""})

    def _without_recording(self, call_id: str) -> Call:
        calls = self.book.store.records([call_id])
        if not calls:
            message = words.UNKNOWN_ID
        elif call_id in self.moods.undeletable:
            message = self.moods.undeletable[call_id]
        elif not calls[0]["call_recording_url"]:
            message = words.NO_RECORDING
        else:
            self.book.without_recording(call_id)
            message = words.DELETED
        status = "Success" if message == words.DELETED else "Failed"
        return {"id": call_id, "message": message, "status": status}

    # ── reports ────────────────────────────────────────────────────────────

    def _summary(self, body: Body) -> bytes:
        calls = self.book.store.calls(self._query(operations.SUMMARY, body))
        return _success(reports.summary(calls, self.book.store))

    def _employee_summary(self, body: Body) -> bytes:
        calls = self.book.store.calls(self._query(operations.EMPLOYEES, body))
        page = rules.page(operations.EMPLOYEES, body)
        rows = _of_page(reports.employee_summary(calls, self.book.store), page)
        if not rows:
            raise RefusedError(words.NO_EMPLOYEES)
        return _success({"employees": [row() for row in rows]})

    def _analysis(self, body: Body) -> bytes:
        calls = self.book.store.calls(self._query(operations.ANALYSIS, body))
        return _success(reports.analysis(calls))

    def _list(self, operation: Operation) -> Answer:
        def answer(body: Body) -> bytes:
            calls = self.book.store.calls(self._query(operation, body))
            page = rules.page(operation, body)
            rows = LISTS[operation](calls, self.book.store)
            shown_rows = [row() for row in _of_page(rows, page)]
            return _success(shown_rows, _counts(len(rows), page))

        return answer

    def _hourly(self, body: Body) -> bytes:
        query = self._query(operations.HOURLY, body)
        hours = rules.hours(body, in_order=False)
        calls = self.book.store.calls(query)
        return _success(analytics.hourly(calls, query, hours, self.book.zone))

    def _daywise(self, body: Body) -> bytes:
        query = self._query(operations.DAILY, body)
        hours = rules.hours(body, in_order=True)
        calls = self.book.store.calls(query)
        return _success(analytics.daywise(calls, query, hours, self.book.zone))

    def _query(self, operation: Operation, body: Body) -> Query:
        known = Known(
            emp_numbers=self.book.store.emp_numbers, emp_tags=self.book.store.emp_tags
        )
        return rules.query(operation.of(self.version), body, known)

    # ── leads and employees ────────────────────────────────────────────────

    def _save(self, body: Body) -> bytes:
        self.desk.save(lead_rules.lead(body))
        return _success({})

    def _bulk_save(self, body: Body) -> bytes:
        rows = lead_rules.bulk(body, operations.LEAD)
        return _json({"result": self.desk.save_each(rows)})

    def _leads(self, body: Body) -> bytes:
        numbers, names = lead_rules.contact_numbers(body), lead_rules.names(body)
        known = {number for number in numbers if self.book.leads.owner(number)}
        rules.existing(numbers, known, words.DOES_NOT_EXIST)
        page = rules.page(operations.LEADS, body)
        found = self.book.leads.find(numbers, names)
        in_table = self.moods.leads_as_in_table
        rows = [
            shown(lead, self.book.store, as_in_table=in_table)
            for lead in _of_page(found, page)
        ]
        return _success(rows, _counts(len(found), page))

    def _employees(self, body: Body) -> bytes:
        page = rules.page(operations.TEAM, body)
        found = self.employees.asked(body)
        return _success(_of_page(found, page), _counts(len(found), page))


def _of_page(found: Sequence[T], page: Page) -> Sequence[T]:
    start = (page.number - 1) * page.size
    return found[start : start + page.size]


def _counts(total: int, page: Page) -> dict[str, int]:
    return {"total_records": total, "page_no": page.number, "page_size": page.size}


def _success(result: object, counts: dict[str, int] | None = None) -> bytes:
    return _json({"result": result, "message": words.SUCCESS} | (counts or {}))


def _json(answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


def _rows(rows: list[bytes], counts: dict[str, int]) -> bytes:
    """Put calls together that are JSON already."""
    rest = _json({"message": words.SUCCESS} | counts)
    return b'{"result": [' + b", ".join(rows) + b"], " + rest[1:]


def _used(times: Counter[int], page: int) -> bool:
    """Count one use of a mood, if there is one left for this page."""
    left = times[page] > 0
    times[page] -= left
    return left


def _text_duration(row: bytes) -> bytes:
    call = json.loads(row)
    return json.dumps(call | {"duration": str(call["duration"])}).encode()
