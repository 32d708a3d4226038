"""Multisender's operations, by the parts of its document.

The document has lost its headings: paths and methods are those that its tables and
examples name, or else what its first section says: POST creates, GET shows, PUT
updates, DELETE deletes.
"""

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from connector.systems.multisender.operations import (
    accounts,
    calls,
    messages,
    users,
    voice_files,
)
from connector.transport.operation import Operation

_PARTS = (accounts, calls, messages, users, voice_files)

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {each.name: each for each in chain.from_iterable(p.OPERATIONS for p in _PARTS)}
)
