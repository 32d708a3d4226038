"""Agents' addresses, which a call does not have: asked for by id, each once.

Source: Manager API, agents.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from connector.errors import ConfigError, UnavailableError
from connector.log import get_logger
from connector.systems.ccai.client import CcaiClient
from connector.systems.ccai.operations import PER
from connector.systems.ccai.parse import text
from connector.systems.ccai.wire import ListPage
from connector.transport.jsontext import Json
from connector.transport.retry import retrying

log = get_logger()

NOT_TOLD: Final = (ConfigError, UnavailableError)
"""After these a run goes on without addresses: calls are not held up for them."""


@dataclass(slots=True, kw_only=True)
class Agents:
    """The agents that a run has come across. For one run: agents come and go.

    ``emails``: the addresses that are known, by the agent's id.
    """

    client: CcaiClient
    emails: dict[str, str | None] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _silent: bool = False

    def learn(self, ids: Collection[str]) -> None:
        """Ask for those of these agents that were not asked for yet.

        Where the list can't be had, nobody else is asked for any more. Raises
        RateLimitedError, after which calls could not be read either.
        """
        missing = sorted(set(ids) - self._asked)
        if not missing or self._silent:
            return
        try:
            for rows in by_ids(self._ask, missing):
                self._note(rows)
            self._asked.update(missing)
        except NOT_TOLD as error:
            self._silent = True
            log.warning("agents_unread", system="ccai", message=error.message)

    def _ask(self, ids: Sequence[str]) -> ListPage:
        return self.client.list_agents({"id[]": list(ids), "per": PER})

    def _note(self, rows: Sequence[Json]) -> None:
        for row in rows:
            self.emails[str(text(row.get("id")))] = text(row.get("email"))


def by_ids(
    ask: Callable[[Sequence[str]], ListPage], ids: Sequence[str]
) -> Iterator[list[Json]]:
    """Yield the rows with these ids; those that are not shown there are not."""
    for first in range(0, len(ids), PER):
        left = list(ids[first : first + PER])
        while left:
            page = retrying(partial(ask, left))
            rows = [row for row in page.rows if _id(row) in left]
            yield rows
            found = {_id(row) for row in rows}
            left = [each for each in left if each not in found]
            if not found or page.more is False:
                break


def _id(row: Json) -> str | None:
    return text(row.get("id")) if isinstance(row, dict) else None
