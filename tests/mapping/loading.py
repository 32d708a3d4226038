"""A mapping file of one kind, from its text; or what is wrong with the text."""

import pytest

from connector.errors import MappingError
from connector.mapping.faults import Fault
from connector.mapping.load import (
    DialFlow,
    DirectoryFlow,
    PushFlow,
    World,
    load_text,
)


def load_push(text: str, file: str, world: World) -> PushFlow:
    """The push flow that a text describes."""
    flow = load_text(text, file, world)
    assert isinstance(flow, PushFlow)
    return flow


def load_directory(text: str, file: str, world: World) -> DirectoryFlow:
    """The directory that a text describes."""
    flow = load_text(text, file, world)
    assert isinstance(flow, DirectoryFlow)
    return flow


def load_dial(text: str, file: str, world: World) -> DialFlow:
    """The dial flow that a text describes."""
    flow = load_text(text, file, world)
    assert isinstance(flow, DialFlow)
    return flow


def faults_of(text: str, world: World) -> list[Fault]:
    """What is wrong with a text that is no mapping file, ``x.yaml``."""
    with pytest.raises(MappingError) as caught:
        load_text(text, "x.yaml", world)
    return [fault for fault in caught.value.faults if isinstance(fault, Fault)]
