"""Settings of a connector: for processes of their own, and in this one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.settings import Settings


def write_settings(folder: Path, values: Mapping[str, str]) -> None:
    """Write the ``.env`` of a folder."""
    lines = [f"{name.upper()}={value}" for name, value in values.items()]
    (folder / ".env").write_text("\n".join(lines), encoding="utf-8")


def settings_of(values: Mapping[str, str]) -> Settings:
    """The settings with these values, whatever a ``.env`` says."""
    named: dict[str, Any] = {name.lower(): value for name, value in values.items()}
    named["_env_file"] = None
    return Settings(**named)
