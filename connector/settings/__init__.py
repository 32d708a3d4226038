"""Settings: the environment and ``.env``, read once, frozen, secrets masked.

Every setting can also be given as ``NAME_FILE``, the path of a file that holds it.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Self

from pydantic import ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from connector.errors import ConfigError
from connector.settings.own import DIAL_SHARE, SalesforceSettings, ServiceSettings
from connector.settings.sources import FileSource, named_files
from connector.settings.systems import NEEDED, SystemSettings


class Settings(SystemSettings, SalesforceSettings, ServiceSettings, BaseSettings):
    """What the operator says. A system without its settings is not there."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        str_strip_whitespace=True,
    )

    @model_validator(mode="after")
    def _shares(self) -> Self:
        both = self.salesforce_quota_reserve + (self.salesforce_dial_share or 0)
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

    def dial_share(self, *, dials: bool) -> float:
        """Percent of the daily quota that is for dialling only.

        ``dials``: whether something does; the default keeps nothing while nothing does.
        """
        if self.salesforce_dial_share is not None:
            return self.salesforce_dial_share
        left = 100 - self.salesforce_quota_reserve
        return min(DIAL_SHARE, left) if dials else 0

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
