"""Multisender's endpoints, one attribute each, and what its refusals mean."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from connector.clock import Clock, SystemClock
from connector.errors import (
    ConfigError,
    ConnectorError,
    OutcomeUnknownError,
    RateLimitedError,
    RefusedError,
    UnauthorizedError,
    UnavailableError,
)
from connector.ports import Pacer
from connector.systems.multisender.endpoints import (
    Changing,
    Creating,
    Deleting,
    Id,
    Listing,
    ListingOf,
    ReceiversOf,
    Showing,
)
from connector.systems.multisender.operations import OPERATIONS
from connector.systems.multisender.operations.asked import as_documented, check_start
from connector.systems.multisender.wire import (
    message,
    nothing,
    receivers_in,
    rows,
    rows_in,
    token,
)
from connector.transport.answer import Answer
from connector.transport.http import Http
from connector.transport.jsontext import Json
from connector.transport.operation import Operation, Values
from connector.transport.request import Request, Upload

T = TypeVar("T")

JSON: Final = "application/json"
"""The only value of Accept and Content-Type, which every request must have."""
LONGEST_BLOCK: Final = 300.0
"""Seconds. Ours: a longer wish is asked about again instead of kept blindly."""
_FORBIDDEN, _NOT_FOUND, _NOT_ALLOWED, _TOO_SLOW = 403, 404, 405, 408


class MultisenderClient:
    """Asks Multisender. Raises RefusedError for what it does not take, with its status;
    UnauthorizedError, RateLimitedError, UnavailableError and, of what is sent once,
    OutcomeUnknownError."""

    def __init__(self, http: Http, pacer: Pacer, clock: Clock | None = None) -> None:
        """``http`` carries the version's address and the access token.

        ``clock``: what is past by it is not sent; the machine's where none is given.
        """
        self._http = http
        self._pacer = pacer
        self._clock = clock or SystemClock()

    # ── accounts, filters of them, and groups ──────────────────────────────

    list_accounts = Listing()
    get_account = Showing()
    create_account = Creating()
    update_account = Changing()
    delete_account = Deleting()
    create_account_filter = Creating()
    list_account_filters = Listing()
    get_account_filter = Showing()
    delete_account_filter = Deleting()
    list_groups = Listing()
    get_group = Showing()
    create_group = Creating()
    update_group = Changing()
    delete_group = Deleting()
    list_group_accounts = ListingOf()

    def delete_all_accounts(self) -> None:
        """Delete every account that there is."""
        self.ask("delete_all_accounts", {}, nothing)

    def delete_filtered_accounts(self, filter_id: int) -> None:
        """Delete the accounts that match an account filter."""
        self.ask("delete_filtered_accounts", {"filterId": filter_id}, nothing)

    def add_group_accounts(self, group_id: Id, account_ids: Sequence[Id]) -> list[Json]:
        """Add accounts to a group, and return those that were not in it."""
        accounts = [{"accountId": str(each)} for each in account_ids]
        values = {"groupId": str(group_id), "accountIds": accounts}
        return self.ask("add_group_accounts", values, rows)

    def remove_group_account(self, group_id: Id, account_id: Id) -> None:
        """Take an account out of a group."""
        values = {"groupId": str(group_id), "accountId": str(account_id)}
        self.ask("remove_group_account", values, nothing)

    # ── calls ──────────────────────────────────────────────────────────────

    list_calls = Listing()
    get_call = Showing()
    create_call = Creating()
    update_call = Changing()
    delete_call = Deleting()
    list_call_receivers = ReceiversOf()

    list_click_to_calls = Listing()
    get_click_to_call = Showing()
    create_click_to_call = Creating()
    delete_click_to_call = Deleting()

    list_rsvp_calls = Listing()
    get_rsvp_call = Showing()
    create_rsvp_call = Creating()
    update_rsvp_call = Changing()
    delete_rsvp_call = Deleting()
    get_rsvp_call_stats = Showing()
    list_rsvp_call_receivers = ReceiversOf()

    def add_rsvp_call_receivers(
        self, rsvp_call_id: Id, receivers: Sequence[Values]
    ) -> list[Json]:
        """Have more people called, and return them. Sent once."""
        values = {"rsvpCallId": str(rsvp_call_id), "receivers": list(receivers)}
        return self.ask("add_rsvp_call_receivers", values, receivers_in)

    # ── emails and smses ───────────────────────────────────────────────────

    list_emails = Listing()
    get_email = Showing()
    create_email = Creating()
    update_email = Changing()
    delete_email = Deleting()

    list_smses = Listing()
    get_sms = Showing()
    create_sms = Creating()
    update_sms = Changing()
    delete_sms = Deleting()
    list_sms_receivers = ReceiversOf()

    # ── who may ask ────────────────────────────────────────────────────────

    list_subusers = Listing()
    get_subuser = Showing()
    create_subuser = Creating()
    update_subuser = Changing()
    delete_subuser = Deleting()

    def log_in(self, email: str, password: str) -> str:
        """Return the access token of whoever has this password."""
        return self.ask("log_in", {"email": email, "password": password}, token)

    # ── voice files ────────────────────────────────────────────────────────

    list_voice_files = Listing()
    get_voice_file = Showing()
    list_voice_codes = Listing()
    create_spoken_voice_file = Creating()
    update_voice_file = Changing()
    delete_voice_file = Deleting()

    def upload_voice_file(self, file: Upload) -> list[Json]:
        """Upload a voice file, and return what was made of it. Sent once."""
        return self.ask(
            "upload_voice_file", {"files": file}, lambda a: rows_in(a, "files")
        )

    # ── how ────────────────────────────────────────────────────────────────

    def ask(self, name: str, values: Values, read: Callable[[Answer], T]) -> T:
        """Send the operation ``name``, once, and ``read`` its answer."""
        operation = OPERATIONS[name]
        request = operation.request(as_documented(name, values))
        check_start(values, self._clock.now())
        headers = {"Accept": JSON}
        if not request.files:  # a form names its own type, with the boundary
            headers["Content-Type"] = JSON
        answer = self._answer(replace(request, headers=headers))
        if answer.status >= 400:  # noqa: PLR2004  4xx; the rest is settled by then
            raise refused(operation, answer)
        return _read(operation, answer, read)

    def _answer(self, request: Request) -> Answer:
        self._pacer.wait()
        try:
            return self._http.ask(request)
        except RateLimitedError as error:
            if error.retry_after:
                self._pacer.block(min(error.retry_after, LONGEST_BLOCK))
            raise


def _read(operation: Operation, answer: Answer, read: Callable[[Answer], T]) -> T:
    try:
        return read(answer)
    except UnavailableError as error:
        if not operation.once:
            raise
        raise OutcomeUnknownError(error.message) from error


def refused(operation: Operation, answer: Answer) -> ConnectorError:
    """Return the error that a 4xx stands for; the document has none of them."""
    words = f"Multisender: {message(answer) or f'answered {answer.status}'}"
    if answer.status == _FORBIDDEN:
        return UnauthorizedError(words)
    if answer.status == _TOO_SLOW:
        return (OutcomeUnknownError if operation.once else UnavailableError)(words)
    nowhere = answer.status == _NOT_FOUND and "{" not in operation.path
    if nowhere or answer.status == _NOT_ALLOWED:
        return ConfigError(
            f"Multisender answered {answer.status}: is MULTISENDER_URL right, up to v1?"
        )
    return RefusedError(words, status=answer.status)
