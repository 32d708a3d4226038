"""What a check says of a dial file."""

from collections.abc import Mapping

from connector.mapping.check_dial import asked_by_dial, check_dial
from connector.mapping.load import World
from connector.model import CrmObject
from tests.mapping.conftest import PARAMETERS
from tests.mapping.loading import load_dial
from tests.mapping.org import ORG


def faults(
    text: str, world: World, org: Mapping[str, CrmObject] = ORG
) -> tuple[str, ...]:
    """What is wrong, each as it is printed, of what `asked_by_dial` has described."""
    flow = load_dial(text, "x.yaml", world)
    target = org.get(flow.object)
    described = {name: org[name] for name in asked_by_dial(flow, target) if name in org}
    found = check_dial(flow, target, described, PARAMETERS)
    return tuple(map(str, found))
