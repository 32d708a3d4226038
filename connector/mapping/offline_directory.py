"""What can be wrong between the parts of a directory file."""

from collections.abc import Iterator

from connector.mapping.document import Document
from connector.mapping.faults import Fault
from connector.mapping.offline_links import same_names

_WAYS = ("phones", "emails")


def faults_in_directory(document: Document) -> Iterator[Fault]:
    """Yield what the parts of a directory file make wrong together."""
    for name, given in document.section("directory").items():
        if isinstance(given, dict):
            yield from _of_object(document, name, given)
    first: dict[str, str] = {}
    for name in document.section("directory"):
        known = first.setdefault(name.casefold(), name)
        if known != name:
            message = f"'{known}' and '{name}' are the same object to the CRM"
            yield document.fault(("directory", name), message, key=True)


def _of_object(
    document: Document, name: str, given: dict[str, object]
) -> Iterator[Fault]:
    path = ("directory", name)
    if not any(way in given for way in _WAYS):
        hint = "such as phones: [Phone, MobilePhone]"
        yield document.fault(path, "'phones' or 'emails' is missing", hint, key=True)
    for way in _WAYS:
        fields = given.get(way)
        seen: set[str] = set()
        for at, field in enumerate(fields if isinstance(fields, list) else ()):
            if str(field).casefold() in seen:
                message = f"'{str(field)[:80]}' is here twice"
                yield document.fault((*path, way, at), message)
            seen.add(str(field).casefold())
    yield from same_names(document, (*path, "where"))
