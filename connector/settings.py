"""Settings: the environment and ``.env``, read once, frozen, secrets masked.

Every setting can also be given as ``NAME_FILE``, the path of a file that holds it.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from connector.errors import ConfigError

LogFormat = Literal["auto", "json", "console"]


class Settings(BaseSettings):
    """What the operator says. A system without its settings is not there."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        str_strip_whitespace=True,
    )

    connector_state: Path = Field(
        default=Path("state/connector.db"), description="Path of the state file."
    )
    connector_mappings: Path = Field(
        default=Path("mappings"), description="Folder of the mapping files."
    )
    connector_host: str = Field(
        default="127.0.0.1", description="Address that the service listens on."
    )
    connector_port: int = Field(
        default=8080, ge=0, le=65535, description="Port that the service listens on."
    )
    connector_api_token: SecretStr | None = Field(
        default=None, description="Bearer token of the service's own API."
    )
    connector_region: str = Field(
        default="IN",
        description="Regions, comma separated, of numbers written without a country.",
    )
    connector_log_format: LogFormat = Field(
        default="auto", description="auto, json or console."
    )
    connector_log_phones: bool = Field(
        default=False, description="Write phone numbers into logs unmasked."
    )

    salesforce_url: str | None = Field(
        default=None, description="The org's My Domain, https://….my.salesforce.com."
    )
    salesforce_login_url: str | None = Field(
        default=None, description="Where tokens come from; default SALESFORCE_URL."
    )
    salesforce_client_id: str | None = Field(
        default=None, description="Consumer key of the external client app."
    )
    salesforce_client_secret: SecretStr | None = Field(
        default=None, description="Consumer secret, for the client credentials flow."
    )
    salesforce_username: str | None = Field(
        default=None, description="User to act as, for the JWT bearer flow."
    )
    salesforce_private_key: SecretStr | None = Field(
        default=None, description="PEM of the private key, for the JWT bearer flow."
    )
    salesforce_api_version: str = Field(default="62.0", description="REST API version.")
    salesforce_quota_reserve: float = Field(
        default=20, ge=0, le=100, description="Percent of the daily quota not touched."
    )
    salesforce_dial_share: float | None = Field(
        default=None,
        ge=0,
        le=100,
        description="Percent of it for dialling only; default 0 while no mapping dials.",
    )

    callyzer_url: str | None = Field(
        default=None, description="Up to and including the version, …/api/v2.1."
    )
    callyzer_token: SecretStr | None = Field(
        default=None, description="API access key."
    )
    callyzer_timezone: str = Field(
        default="Asia/Kolkata", description="Zone of the account's dates and times."
    )
    callyzer_seconds_per_request: float = Field(
        default=2.0,
        ge=0,
        allow_inf_nan=False,
        description="Seconds between requests; 0 for no limit.",
    )

    @field_validator("callyzer_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone such as Asia/Kolkata")
        return value

    @field_validator("connector_region")
    @classmethod
    def _regions(cls, value: str) -> str:
        for region in value.split(","):
            if region.strip() not in phonenumbers.SUPPORTED_REGIONS:
                raise ValueError(f"{region.strip()!r} is not a region such as IN")
        return value

    @field_validator("salesforce_url", "salesforce_login_url", "callyzer_url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError(
                "must be an address with https:// (or http:// on this machine)"
            )
        if parts.username or parts.query or parts.fragment:
            raise ValueError("must have a host and a path only")
        _ = parts.port  # ValueError where it is none
        return value.rstrip("/")

    @field_validator("salesforce_api_version")
    @classmethod
    def _version(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9]{2,3}\.0", value):
            raise ValueError(f"{value!r} is not a version such as 62.0")
        return value

    @model_validator(mode="after")
    def _shares(self) -> Self:
        both = self.salesforce_quota_reserve + self.dial_share
        if both > 100:  # noqa: PLR2004  percent
            raise ValueError(
                "SALESFORCE_QUOTA_RESERVE and SALESFORCE_DIAL_SHARE are"
                f" {both:g} percent together: 100 is the most"
            )
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _complete(cls, values: object, handler: Callable[[object], Self]) -> Self:
        """Say what is wrong and what is missing, all at once."""
        missing = list(_missing(values)) if isinstance(values, Mapping) else []
        try:
            settings = handler(values)
        except ValidationError as error:
            raise ValueError("\n".join([*_faults(error), *missing])) from None
        if missing:
            raise ValueError("\n".join(missing))
        return settings

    @property
    def regions(self) -> tuple[str, ...]:
        """The configured regions, in order."""
        return tuple(part.strip() for part in self.connector_region.split(","))

    @property
    def dial_share(self) -> float:
        """Percent of the daily quota that is for dialling only."""
        return self.salesforce_dial_share or 0

    @property
    def callyzer_zone(self) -> ZoneInfo:
        """The zone of Callyzer's dates and times."""
        return ZoneInfo(self.callyzer_timezone)

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order: arguments, NAME, NAME_FILE, then the same from ``.env``."""
        named = _named_files(os.environ)
        dotenv = (
            _named_files(dotenv_settings.env_vars)
            if isinstance(dotenv_settings, DotEnvSettingsSource)
            else {}
        )
        return (
            init_settings,
            env_settings,
            _FileSource(settings_cls, named),
            dotenv_settings,
            _FileSource(settings_cls, dotenv),
        )


class _FileSource(PydanticBaseSettingsSource):
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


def load_settings() -> Settings:
    """Read the environment and ``.env``; ConfigError names all that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigError("\n".join(_faults(error))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f".env cannot be read: {error}") from error


def _missing(values: Mapping[str, object]) -> Iterator[str]:
    """What a system that has an address lacks."""

    def given(*names: str) -> bool:
        found = [values.get(name) for name in names]
        return all(v.strip() if isinstance(v, str) else v for v in found)

    if given("callyzer_url") and not given("callyzer_token"):
        yield "CALLYZER_URL is set, but CALLYZER_TOKEN is not"
    if not given("salesforce_url"):
        return
    if not given("salesforce_client_id"):
        yield "SALESFORCE_URL is set, but SALESFORCE_CLIENT_ID is not"
    jwt = given("salesforce_username", "salesforce_private_key")
    if not (jwt or given("salesforce_client_secret")):
        yield (
            "SALESFORCE_URL needs SALESFORCE_CLIENT_SECRET, or SALESFORCE_USERNAME"
            " and SALESFORCE_PRIVATE_KEY"
        )


def _named_files(variables: Mapping[str, str | None]) -> dict[str, str]:
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


def _faults(error: ValidationError) -> Iterator[str]:
    """Say each fault with the variable's name, and never with its value."""
    for fault in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in fault["loc"]).upper()
        words = fault["msg"].removeprefix("Value error, ")
        yield f"{name}: {words}" if name else words
