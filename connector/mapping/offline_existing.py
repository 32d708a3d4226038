"""What can be wrong with the field by which records of others are found."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from connector.mapping.document import Document
from connector.mapping.faults import Fault, suggest
from connector.mapping.names import Scope

# What may not be said of the field, and why.
_TELLS_NOTHING: Mapping[str, str] = MappingProxyType(
    {
        "value": "every call would have the same record",
        "default": "every call without one would have the same record",
        "map": "all calls of a kind would have the same record",
        "find": "all calls with somebody would have the same record",
    }
)


def faults_in_existing(document: Document, _: Scope) -> Iterator[Fault]:
    """Yield why no call can be told by the field that ``existing`` names."""
    match = document.section("existing").get("match")
    fields, key = document.section("fields"), document.section("to").get("key")
    if not isinstance(match, str) or not fields:
        return
    path = ("existing", "match")
    if match == key:
        hint = "name the field with the id that the others write too"
        yield document.fault(path, f"nobody else writes the key '{match}'", hint)
    elif match not in fields:
        others = [name for name in fields if name != key]
        message = f"'{match[:80]}' is not among the fields"
        yield document.fault(path, message, suggest(match, others))
    for word in _TELLS_NOTHING.keys() & document.section("fields", match).keys():
        if match != key:
            message = f"'{match}' cannot have '{word}': {_TELLS_NOTHING[word]}"
            yield document.fault(("fields", match, word), message, key=True)
