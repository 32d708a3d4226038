"""What each dialer is built of, once it is configured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import urlsplit

from connector.clock import Clock
from connector.errors import ConfigError
from connector.model import Call, Objection, Parameter
from connector.ports import Dialer
from connector.settings import Settings
from connector.systems.newvoicemedia import dialer as newvoicemedia
from connector.systems.newvoicemedia.client import NewVoiceMediaClient
from connector.systems.newvoicemedia.dialer import NewVoiceMediaDialer
from connector.transport.http import Http
from connector.transport.tokens import Credentials, Tokens

TOKEN_PATH: Final = "/Auth/connect/token"  # noqa: S105  a path
CALL_SECONDS: Final = 20.0
"""For a whole answer: ringing an agent takes the dialer a few seconds, and who pressed
the button looks at it. What takes longer is not known, and is said to be so."""
TOKEN_SECONDS: Final = 10.0
"""For a token, which is only looked up: nothing rings meanwhile."""


class OpenDialer(Dialer, Protocol):
    """A dialer with connections."""

    def close(self) -> None:
        """Close them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DialerSystem:
    """A dialer: what it can be told, and how it is built.

    ``objection``: what it has against a call, before it is sent.
    ``address``: the setting without which it is not there; ``needs``: how that is said.
    """

    parameters: tuple[Parameter, ...]
    objection: Callable[[Call], Objection | None]
    address: Callable[[Settings], str | None]
    needs: str
    build: Callable[[Settings, Clock], OpenDialer]


def _newvoicemedia(settings: Settings, clock: Clock) -> NewVoiceMediaDialer:
    """Build what places calls; the settings see to it that none is missing.

    Calls and tokens go over connections of their own: one that is just being closed
    would leave it unknown whether a phone rings.
    """
    url = settings.newvoicemedia_url or ""
    http = Http(url, kept=False, timeout=CALL_SECONDS, deadline=CALL_SECONDS)
    tokens = _newvoicemedia_tokens(settings, clock)
    account = settings.newvoicemedia_account_key or ""
    return NewVoiceMediaDialer(NewVoiceMediaClient(http, tokens, account))


def _newvoicemedia_tokens(settings: Settings, clock: Clock) -> Tokens:
    url = f"{settings.newvoicemedia_url}{TOKEN_PATH}"
    where = urlsplit(settings.newvoicemedia_token_url or url)
    secret = settings.newvoicemedia_client_secret
    return Tokens(
        http=Http(
            f"{where.scheme}://{where.netloc}",
            kept=False,
            timeout=TOKEN_SECONDS,
            deadline=TOKEN_SECONDS,
        ),
        path=where.path,
        credentials=Credentials(
            client_id=settings.newvoicemedia_client_id or "",
            client_secret=secret.get_secret_value() if secret else "",
            scope=settings.newvoicemedia_scope,
        ),
        clock=clock,
    )


DIALERS: Final[Mapping[str, DialerSystem]] = MappingProxyType(
    {
        "newvoicemedia": DialerSystem(
            parameters=newvoicemedia.PARAMETERS,
            objection=newvoicemedia.objection,
            address=lambda settings: settings.newvoicemedia_url,
            needs="NEWVOICEMEDIA_URL, NEWVOICEMEDIA_ACCOUNT_KEY,"
            " NEWVOICEMEDIA_CLIENT_ID and NEWVOICEMEDIA_CLIENT_SECRET",
            build=_newvoicemedia,
        ),
    }
)
PARAMETERS: Final[Mapping[str, tuple[Parameter, ...]]] = MappingProxyType(
    {name: dialer.parameters for name, dialer in DIALERS.items()}
)
"""What every dialer can be told, configured or not."""
OBJECTIONS: Final = MappingProxyType(
    {name: dialer.objection for name, dialer in DIALERS.items()}
)
"""What each has against a call."""


def build_dialer(name: str, settings: Settings, clock: Clock) -> OpenDialer:
    """Build a dialer; ConfigError where there is none, or its settings are missing."""
    dialer = DIALERS.get(name)
    if dialer is None:
        raise ConfigError(f"there is no dialer {name!r}; there is {', '.join(DIALERS)}")
    if missing := missing_settings(name, settings):
        raise ConfigError(missing)
    return dialer.build(settings, clock)


def missing_settings(name: str, settings: Settings) -> str:
    """Say which settings a dialer lacks; empty when it has all."""
    dialer = DIALERS[name]
    there = dialer.address(settings)
    return "" if there else f"{name} is not configured: set {dialer.needs}"
