"""One org, asked by many threads: token, errors and quota in one place."""

import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime

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
from connector.transport.jsontext import Json, parsed


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
    """A thread's own way to the org, and what its last answer asked for."""

    def __init__(
        self, config: SalesforceConfig, adapter: OrgAdapter, meter: QuotaMeter
    ) -> None:
        session = OneRequest(adapter)
        session.hooks["response"].append(self._hear)
        self.org = Org(config, session)
        self.retry_after: str | None = None
        self._meter = meter

    def _hear(self, answer: requests.Response, **_sent: object) -> None:
        self._meter.hear(answer.headers)
        self.retry_after = answer.headers.get("Retry-After")


class OrgSession:
    """Calls the org. Safe for many threads at once."""

    def __init__(self, config: SalesforceConfig, clock: Clock) -> None:
        """Connect to nothing yet."""
        self.meter = QuotaMeter(clock, config.quota_reserve_percent)
        self._clock = clock
        self._tokens = Tokens(config, clock)
        self._adapter = OrgAdapter(config.org, config.deadline_seconds)
        self._channel = _Channel(config, self._adapter, self.meter)

    def call(self, asked: Asked, request: Callable[[Org], Json]) -> Json:
        """Run ``request``; once more with a new token where the CRM wants one.

        Raises what `errors` says for what was ``asked``.
        """
        channel = self._channel
        channel.retry_after = None
        try:
            return self._authorized(channel.org, request)
        except FOREIGN as error:
            wait = seconds_from(channel.retry_after, self._clock.now())
            raise translated(error, asked, wait) from error

    def close(self) -> None:
        """Close the kept connections."""
        self._adapter.close()
        self._tokens.close()

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
    try:
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError):
        return None
