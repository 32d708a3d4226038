"""Where settings come from: ``NAME``, or a file that ``NAME_FILE`` names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from typing_extensions import override

from connector.errors import ConfigError


class FileSource(PydanticBaseSettingsSource):
    """Values of the settings given as ``NAME_FILE``."""

    def __init__(self, settings_cls: type[BaseSettings], paths: dict[str, str]) -> None:
        super().__init__(settings_cls)
        self._paths = paths

    @override
    def get_field_value(
        self, field: FieldInfo, field_name: str
    ) -> tuple[Any, str, bool]:
        del field
        path = self._paths.get(f"{field_name}_file")
        return (path and _content(path, field_name)), field_name, False

    @override
    def __call__(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        faults: list[str] = []
        for name, field in self.settings_cls.model_fields.items():
            try:
                value, _, _ = self.get_field_value(field, name)
            except ConfigError as error:
                faults.append(error.message)
            else:
                values |= {name: value} if value else {}
        if faults:
            raise ConfigError("\n".join(faults))
        return values


def named_files(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the paths that variables called ``…_FILE`` give, by lower-case name."""
    return {
        name.lower(): path
        for name, path in variables.items()
        if name.lower().endswith("_file") and path
    }


def _content(path: str, field_name: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{field_name.upper()}_FILE: {path}: {error.strerror}"
        raise ConfigError(message) from error
    except UnicodeDecodeError as error:
        message = f"{field_name.upper()}_FILE: {path} is not UTF-8 text"
        raise ConfigError(message) from error
