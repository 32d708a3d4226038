"""What can be asked for: five operations on each resource, from its table.

Source: Multisender API. The pages' headings are lost: where no text prints a path,
it is read from the examples beside it (*ours*).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from connector.sandbox.multisender import shapes
from connector.sandbox.multisender.fields import RefusedError, Resource, read
from connector.sandbox.multisender.making import create, remove, update
from connector.sandbox.multisender.office import Office
from connector.sandbox.multisender.uploads import Part

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it is understood: ids of the path, and what came with it.

    ``token`` is one that was posted with the body, and is no longer in it.
    """

    ids: Mapping[str, int]
    query: Mapping[str, str]
    body: object
    parts: list[Part]
    token: str | None

    @property
    def id(self) -> int:
        """The id of the record that the path names."""
        return self.ids["id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``content`` is JSON, or bytes that are; ``location`` is a path."""

    status: int = 200
    content: object = None
    location: str | None = None


Act = Callable[[Asked], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path; ``media`` is the content type that it takes."""

    method: str
    path: str
    act: Act
    needs_token: bool = True
    media: str = JSON_TYPE


def on_resource(office: Office, resource: Resource) -> Iterator[Operation]:
    """Yield the operations that the document has on a resource."""
    every, one = resource.name, f"{resource.name}/{{id:int}}"
    table: tuple[tuple[str, str, _Act, bool], ...] = (
        ("GET", every, _list, True),
        ("GET", one, _show, True),
        ("POST", every, _create, resource.create is not None),
        ("PUT", one, _update, resource.update is not None),
        ("DELETE", one, _delete, True),
    )
    for method, path, act, there in table:
        if there:
            yield Operation(
                method=method, path=path, act=partial(act, office, resource)
            )


_Act = Callable[[Office, Resource, Asked], Answer]


def _list(office: Office, resource: Resource, _: Asked) -> Answer:
    return Answer(content=shapes.all_of(office, resource))


def _show(office: Office, resource: Resource, asked: Asked) -> Answer:
    return Answer(content=shapes.one(office, resource, asked.id))


def _create(office: Office, resource: Resource, asked: Asked) -> Answer:
    given = read(resource.create or (), asked.body)
    record_id = create(office, resource.name, given)
    return created(resource, record_id, shapes.one(office, resource, record_id))


def _update(office: Office, resource: Resource, asked: Asked) -> Answer:
    office.record(resource.name, asked.id)
    body = _without_id(resource, asked)
    update(office, resource.name, asked.id, read(resource.update or (), body))
    content = shapes.one(office, resource, asked.id)
    return Answer(status=resource.updated, content=content)


def _delete(office: Office, resource: Resource, asked: Asked) -> Answer:
    record = remove(office, resource.name, asked.id)
    if resource.deleted == 204:  # noqa: PLR2004 - the status without a body
        return Answer(status=204)
    content = shapes.shown(office, resource, record)
    return Answer(status=resource.deleted, content=content)


def created(resource: Resource, record_id: int, content: object) -> Answer:
    """Answer that a record was created."""
    location = f"{resource.name}/{record_id}"
    return Answer(status=201, content=content, location=location)


def _without_id(resource: Resource, asked: Asked) -> object:
    """Take the id out of the body: some tables list it among the parameters.

    *Ours*: no body at all is an empty one.
    """
    body = {} if asked.body is None else asked.body
    if not isinstance(body, dict) or resource.key not in body:
        return body
    if str(body[resource.key]) != str(asked.id):
        raise RefusedError(400, f"{resource.key} is not that of the URL")
    return {name: value for name, value in body.items() if name != resource.key}
