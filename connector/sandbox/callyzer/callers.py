"""Who is on the other end of the calls: known people, strangers, and colleagues."""

from dataclasses import dataclass
from random import Random
from typing import Final

from connector.sandbox.callyzer.people import ACTIVE_TEAM, CLIENTS, NEWCOMER, Client
from connector.sandbox.population import Person, person, stranger

COLLEAGUES_IN_100: Final = 2
"""How often an employee calls another, in percent."""
STRANGERS_IN_100: Final = 10
"""How often, of all other calls, it is a number that nobody has."""
NEWCOMER_ONE_IN: Final = 40
"""One call in so many is the newcomer's."""
STRIDE: Final = 32_452_843
"""A prime above the number of people: its multiples reach each of them once."""

COLLEAGUES: Final = tuple(
    Client(
        name=employee.name,
        country_code=employee.country_code,
        number=employee.number,
        lead_id=None,
    )
    for employee in ACTIVE_TEAM
)


def somebody(rng: Random) -> Client:
    """Choose a client of the team, and now and then a colleague."""
    return rng.choice(COLLEAGUES if _by_chance(rng, COLLEAGUES_IN_100) else CLIENTS)


@dataclass(slots=True, kw_only=True)
class Callers:
    """Chooses, call after call; with ``people``, among the first so many of all.

    Nobody is chosen a second time before everybody was chosen once.
    """

    people: int = 0
    _chosen: int = 0

    def next(self, rng: Random) -> Client:
        """Choose who is on the other end of the next call."""
        self._chosen += 1
        if not self.people:
            newcomer = self._chosen % NEWCOMER_ONE_IN == 0
            return NEWCOMER if newcomer else somebody(rng)
        if _by_chance(rng, COLLEAGUES_IN_100):
            return rng.choice(COLLEAGUES)
        if _by_chance(rng, STRANGERS_IN_100):
            return _client(rng, stranger(self._chosen), known=False)
        return _client(rng, person(self._chosen * STRIDE % self.people), known=True)


def _by_chance(rng: Random, percent: int) -> bool:
    return rng.random() * 100 < percent


def _client(rng: Random, who: Person, *, known: bool) -> Client:
    return Client(
        name=f"{who.first_name} {who.last_name}" if known else "",
        country_code=who.country_code,
        number=rng.choice(who.numbers),
        lead_id=None,
    )
