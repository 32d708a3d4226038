"""One org, asked by many threads: token, errors and quota in one place."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Final

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession
from typing_extensions import override

from connector.clock import Clock
from connector.crm.salesforce.config import SalesforceConfig
from connector.crm.salesforce.errors import (
    FOREIGN,
    Asked,
    UnreadableAnswerError,
    translated,
)
from connector.crm.salesforce.oauth import Tokens
from connector.crm.salesforce.quota import QuotaMeter
from connector.crm.salesforce.wire import OneRequest, OrgAdapter
from connector.errors import QuotaReachedError
from connector.ports import QuotaBook
from connector.transport.jsontext import Json, parsed

LATE: Final = timedelta(minutes=1)
"""How much older than another's an answer may be; what is older is a clock set back."""
SILENT: Final = 60.0
"""Seconds in which answers may tell no time before it counts as not told."""


class Org(Salesforce):
    """simple-salesforce for one thread: plain dicts, and nothing but JSON."""

    def __init__(self, config: SalesforceConfig, session: requests.Session) -> None:
        """Speak through ``session``; the token is set before each call."""
        super().__init__(
            session_id="",
            instance=config.org.netloc,
            version=config.api_version,
            session=session,
            object_pairs_hook=None,
        )
        self.headers["X-PrettyPrint"] = "0"

    def bear(self, token: str) -> None:
        """Use ``token`` from now on."""
        self.headers["Authorization"] = f"Bearer {token}"

    @staticmethod
    @override
    def parse_api_usage(sforce_limit_info: str) -> Json:
        """Read nothing: see usage.py, which takes any header."""
        return {}

    @override
    def parse_result_to_json(self, result: requests.Response) -> Json:
        """Raise UnreadableAnswerError for what is not a JSON object or list."""
        try:
            found = parsed(result.content)
        except (ValueError, RecursionError) as error:
            raise UnreadableAnswerError from error
        if not isinstance(found, dict | list):
            raise UnreadableAnswerError
        return found


class _Channel(threading.local):
    """A thread's own way to the org, and the headers of its last answer."""

    def __init__(self, config: SalesforceConfig, adapter: OrgAdapter) -> None:
        session = OneRequest(adapter)
        session.hooks["response"].append(self._hear)
        self.org = Org(config, session)
        self.headers: Mapping[str, str] | None = None

    def forget(self) -> None:
        """Nothing was answered to what comes next."""
        self.headers = None

    def _hear(self, answer: requests.Response, **_sent: object) -> None:
        self.headers = answer.headers


class OrgSession:
    """Calls the org. Safe for many threads at once."""

    def __init__(
        self, config: SalesforceConfig, clock: Clock, book: QuotaBook | None = None
    ) -> None:
        """Connect to nothing yet. ``book``: see `QuotaMeter`."""
        self.meter = QuotaMeter(clock, config.budget, book)
        self.date: datetime | None = None
        """The time by the org's clock, as its last answer told it."""
        self._dated = monotonic() - SILENT
        self._dating = threading.Lock()
        self._clock = clock
        self._tokens = Tokens(config, clock)
        self._adapter = OrgAdapter(config.org, config.deadline_seconds)
        self._channel = _Channel(config, self._adapter)

    def call(self, asked: Asked, request: Callable[[Org], Json]) -> Json:
        """Run ``request``; once more with a new token where the CRM wants one.

        Raises what `errors` says for what was ``asked``.
        """
        channel = self._channel
        try:
            return self._heard(channel, request)
        except FOREIGN as error:
            said = channel.headers or {}
            wait = seconds_from(said.get("Retry-After"), self._clock.now())
            trouble = translated(error, asked, wait)
            if isinstance(trouble, QuotaReachedError):
                self.meter.pause()
            raise trouble from error

    @property
    def user(self) -> str | None:
        """The id of the user that we are; None before any token, or not told."""
        return self._tokens.user

    def close(self) -> None:
        """Close the kept connections, and tell others what was heard."""
        self._adapter.close()
        self._tokens.close()
        self.meter.flush()

    def _heard(self, channel: _Channel, request: Callable[[Org], Json]) -> Json:
        """Run ``request``, and take what the answer's headers tell, if there is one."""
        channel.forget()
        before = self.meter.heard
        try:
            return self._authorized(channel.org, request)
        finally:
            if channel.headers is not None:
                self._hear_date(moment_from(channel.headers.get("Date")))
                self.meter.hear(channel.headers, before)

    def _hear_date(self, date: datetime | None) -> None:
        """Take the org's time, unless a later answer has told it already.

        An answer that took its time is older than others; one without a time, as of a
        proxy, says nothing for a while.
        """
        with self._dating:
            before, heard = self.date, monotonic() - self._dated
            if date is None and heard < SILENT:
                return
            if date and before and timedelta() < before - date < LATE:
                return
            self.date, self._dated = date, monotonic()

    def _authorized(self, org: Org, request: Callable[[Org], Json]) -> Json:
        token = self._tokens.current()
        org.bear(token)
        try:
            return request(org)
        except SalesforceExpiredSession:
            org.bear(self._tokens.renew(token))
        return request(org)


def seconds_from(retry_after: str | None, now: datetime) -> float | None:
    """Read a Retry-After header (RFC 9110, 10.2.3): seconds, or a date."""
    if not retry_after:
        return None
    if retry_after.isdecimal():
        return float(retry_after)
    moment = moment_from(retry_after)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def moment_from(date: str | None) -> datetime | None:
    """Read a date as headers have it (RFC 9110, 5.6.7), UTC; None where it is none."""
    try:
        moment = parsedate_to_datetime(date or "")
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None
