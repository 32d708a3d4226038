"""A vendor's own package that logs the same calls, beside the connector."""

from collections import Counter
from typing import Any

from tests.e2e.world import MAPPING, World

ENRICHED = f"{MAPPING}  CallObject: {{from: id}}\nexisting: {{match: CallObject}}\n"
SKIPPED = ENRICHED.replace("CallObject}\n", "CallObject, found: skip}\n")
THEIRS = "Outbound call to +91 99300 42101"


def log(world: World, *calls: str, **more: Any) -> list[str]:  # noqa: ANN401  a field's value
    """Let the package log calls; the ids of its tasks."""
    values = {"Subject": THEIRS, "Status": "Completed", **more}
    return [world.crm.add("Task", {**values, "CallObject": call}) for call in calls]


def tasks(world: World) -> dict[str, dict[str, Any]]:
    """All tasks that have not been deleted, ours and theirs, by id."""
    return {str(row["Id"]): dict(row) for row in world.crm.rows("Task")}


def asked(world: World) -> int:
    """How often the CRM was asked for records."""
    calls = world.crm.calls
    return sum(n for kind, n in calls.items() if kind.startswith("query"))


def assert_once(world: World) -> None:
    """Every call is one task, whoever made it, and as it is now."""
    times = Counter(row["CallObject"] for row in tasks(world).values())
    del times[None]
    assert {call: n for call, n in times.items() if n > 1} == {}
    assert set(times) == set(world.shown())
    world.assert_truth()
