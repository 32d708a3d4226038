"""Settings: the environment and ``.env``, read once, frozen, secrets masked.

Every setting can also be given as ``NAME_FILE``, the path of a file that holds it.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

import phonenumbers
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from connector.errors import ConfigError
from connector.settings.sources import FileSource, named_files
from connector.settings.systems import NEEDED, SystemSettings
from connector.settings.words import Address

LogFormat = Literal["auto", "json", "console"]


class Settings(SystemSettings, BaseSettings):
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

    salesforce_url: Address | None = Field(
        default=None, description="The org's My Domain, https://….my.salesforce.com."
    )
    salesforce_login_url: Address | None = Field(
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

    @field_validator("connector_region")
    @classmethod
    def _regions(cls, value: str) -> str:
        for region in value.split(","):
            if region.strip() not in phonenumbers.SUPPORTED_REGIONS:
                raise ValueError(f"{region.strip()!r} is not a region such as IN")
        return value

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
        named = named_files(os.environ)
        dotenv = (
            named_files(dotenv_settings.env_vars)
            if isinstance(dotenv_settings, DotEnvSettingsSource)
            else {}
        )
        return (
            init_settings,
            env_settings,
            FileSource(settings_cls, named),
            dotenv_settings,
            FileSource(settings_cls, dotenv),
        )


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

    for name, needed in NEEDED.items():
        for lacking in needed:
            if given(name) and not given(lacking):
                yield f"{name.upper()} is set, but {lacking.upper()} is not"
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


def _faults(error: ValidationError) -> Iterator[str]:
    """Say each fault with the variable's name, and never with its value."""
    for fault in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in fault["loc"]).upper()
        words = fault["msg"].removeprefix("Value error, ")
        yield f"{name}: {words}" if name else words
