"""A pacer that lets everything through, and remembers."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class FreePacer:
    """Implements `Pacer`."""

    interval: float = 0
    waits: int = 0
    blocks: list[float] = field(default_factory=list)

    def wait(self) -> None:
        """Count."""
        self.waits += 1

    def block(self, seconds: float) -> None:
        """Remember."""
        self.blocks.append(seconds)
