"""The kinds of endpoints, as attributes of a client.

Each is called by the name of its operation: ``client.get_account(7)``. What goes in
and what comes out, by their kinds:

=============  ======================================  =============================
kind           called with                             returns
=============  ======================================  =============================
`Listing`      nothing                                 what there is: a list
`ListingOf`    the id of whose they are                a list
`ReceiversOf`  the id of what they receive             a list
`Showing`      the id                                  an object
`Creating`     what the document has in the body       the object that was created
`Changing`     the id, and what is in the body         the object as it is now
`Deleting`     the id                                  nothing
=============  ======================================  =============================
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from connector.systems.multisender.operations import OPERATIONS
from connector.systems.multisender.wire import (
    Resource,
    nothing,
    receivers_in,
    resource,
    rows,
)
from connector.transport.answer import Answer
from connector.transport.jsontext import Json
from connector.transport.operation import Values

Id = str | int
T = TypeVar("T")


class Asks(Protocol):
    """What an endpoint is asked through."""

    def ask(self, name: str, values: Values, read: Callable[[Answer], T]) -> T:
        """Send the operation ``name`` with ``values``; ``read`` what comes back."""
        ...


@dataclass(slots=True)
class _Endpoint:
    """An operation as an attribute of the client; it is called as the operation is."""

    operation: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Be the operation of the attribute's name."""
        self.operation = name

    def _with_id(self, given: Id) -> dict[str, Json]:
        (name,) = (
            p.name for p in OPERATIONS[self.operation].params if p.place == "path"
        )
        return {name: str(given)}


class Listing(_Endpoint):
    """Lists all there are; the document knows no pages."""

    def __get__(self, client: Asks, owner: type) -> Callable[[], list[Json]]:
        """Return what to call."""
        return lambda: client.ask(self.operation, {}, rows)


class ListingOf(_Endpoint):
    """Lists what belongs to one."""

    def __get__(self, client: Asks, owner: type) -> Callable[[Id], list[Json]]:
        """Return what to call with an id."""
        return lambda given: client.ask(self.operation, self._with_id(given), rows)


class ReceiversOf(_Endpoint):
    """Lists the receivers of one: a bare array, or in an object."""

    def __get__(self, client: Asks, owner: type) -> Callable[[Id], list[Json]]:
        """Return what to call with an id."""
        return lambda given: client.ask(
            self.operation, self._with_id(given), receivers_in
        )


class Showing(_Endpoint):
    """Shows one; RefusedError with status 404 where there is none."""

    def __get__(self, client: Asks, owner: type) -> Callable[[Id], Resource]:
        """Return what to call with an id."""
        return lambda given: client.ask(self.operation, self._with_id(given), resource)


class Creating(_Endpoint):
    """Creates one. It is sent once: OutcomeUnknownError where in doubt."""

    def __get__(self, client: Asks, owner: type) -> Callable[[Values], Resource]:
        """Return what to call with the body."""
        return lambda values: client.ask(self.operation, values, resource)


class Changing(_Endpoint):
    """Changes one: what is not given stays, ``""`` empties."""

    def __get__(self, client: Asks, owner: type) -> Callable[[Id, Values], Resource]:
        """Return what to call with an id and the body."""
        return lambda given, values: client.ask(
            self.operation, {**self._with_id(given), **values}, resource
        )


class Deleting(_Endpoint):
    """Deletes one; RefusedError with status 404 where there is none."""

    def __get__(self, client: Asks, owner: type) -> Callable[[Id], None]:
        """Return what to call with an id."""
        return lambda given: client.ask(self.operation, self._with_id(given), nothing)
