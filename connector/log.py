"""Logs: a fixed event name plus fields; secrets never, phone numbers masked.

JSON in a container, lines for eyes on a terminal.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

PHONE = re.compile(r"(?<![\w.:-])\+?\d(?:[\d\s().-]{5,18})\d(?![\w:])")
SECRET = re.compile(
    r"(?i)\b(bearer\s+|(?:access_token|token|assertion|client_secret|password)"
    r"[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,}]+"
)
SECRET_NAMES = frozenset(
    {"authorization", "token", "secret", "password", "private_key", "assertion"}
)
QUIET = ("httpx", "httpcore", "urllib3", "apscheduler", "uvicorn.access", "stamina")


def get_logger() -> FilteringBoundLogger:
    """Return the logger that every module writes to."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def configure(
    style: str = "auto", *, phones: bool = False, level: str = "INFO"
) -> None:
    """Set logging up for the process.

    ``style`` is json, console, or auto (console on a terminal); ``phones`` leaves
    phone numbers as they are.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(),
        _without_secrets,
        *([] if phones else [_without_phones]),
    ]
    structlog.configure(
        processors=[*shared, _renderer(style)],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level="WARNING", stream=sys.stderr, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def mask_phones(text: str) -> str:
    """Replace all but the last three digits of what looks like a phone number."""
    return PHONE.sub(_masked, text)


def mask_secrets(text: str) -> str:
    """Replace what follows ``Bearer``, ``token=`` and their like."""
    return SECRET.sub(r"\1***", text)


def _masked(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "***" + digits[-3:] if len(digits) >= 7 else match[0]  # noqa: PLR2004  shorter is no phone number


def _renderer(style: str) -> Processor:
    if style == "console" or (style == "auto" and sys.stderr.isatty()):
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer()


def _without_secrets(_: Any, __: str, event: EventDict) -> EventDict:  # noqa: ANN401  structlog's signature
    for name, value in event.items():
        if name in SECRET_NAMES:
            event[name] = "***"
        elif isinstance(value, str):
            event[name] = mask_secrets(value)
    return event


def _without_phones(_: Any, __: str, event: EventDict) -> EventDict:  # noqa: ANN401  structlog's signature
    for name, value in event.items():
        if isinstance(value, str) and name not in ("timestamp", "event"):
            event[name] = mask_phones(value)
    return event
