"""Logs: a fixed event name plus fields; secrets never, phone numbers masked.

JSON in a container, lines for eyes on a terminal. What libraries log goes the
same way.
"""

import logging
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from stamina.instrumentation import RetryDetails, set_on_retry_hooks
from structlog.typing import EventDict, FilteringBoundLogger, Processor
from typing_extensions import override

PHONE = re.compile(
    r"""
    (?P<kept>                              # digits that are no phone number:
      \d{4}-\d\d-\d\d(?:[T\ ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:?\d\d)?)?
    | \d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d)  # … other dates
    | \d{1,3}(?:\.\d{1,3}){3}(?!\d)        # … addresses
    | 1\d{9}(?:\d{3})?(?!\d)               # … UNIX seconds and milliseconds
    )
    | (?:(?<!\w)\+|%2B)\d(?:[\s().-]{0,2}\d){6,14}(?!\w)
    | (?:(?<![\w.:-])|(?<=tel:)|(?<=":))(?:
        \d{10,14}
      | (?:\(\d{2,5}\)|\d{2,5})(?:[\ -]{1,2}\d{2,8}){1,4}
      | \d{3}\.\d{3}\.\d{4}
      )(?![\w:]|[.-]\w)
    """,
    re.VERBOSE,
)
"""With a country's code; ten digits or more in a row; or groups with spaces or
hyphens between. Fewer digits in a row are counts, durations and ids as well."""

FEWEST_DIGITS = 9
MOST_DIGITS = 15

SECRET = re.compile(
    r"""(?ix)
    ( \bbearer\s+(?!token\b)
    | (?:token|secret|password|passwd|assertion|authorization|api_?key|private_?key)
      \\?["']?\s*[=:]\s*\\?["']?(?:(?:bearer|basic)\s+)?
    )
    (?!\s) [^\s"'&,}\\]+
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END[ ][A-Z ]*-----|\Z)
    | \b00D[a-z0-9]{12,15}![\w.]+
    """,
    re.DOTALL,
)
"""What follows ``Bearer``, ``token=`` and their like; keys in PEM; CRM sessions."""

SECRET_NAME = re.compile(r"(?i)(token|secret|password|assertion|api_?key|private_key)$")
QUIET = ("httpx", "httpcore", "urllib3", "apscheduler", "uvicorn.access")


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
    mask = mask_secrets if phones else _mask_all
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.ExceptionRenderer(),
        _masking(mask),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = _renderer(style)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level]
        ),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(
        level="WARNING", handlers=[_Stderr(shared, renderer)], force=True
    )
    set_on_retry_hooks([_tell_retry])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _tell_retry(details: RetryDetails) -> None:
    get_logger().info(
        "retry",
        number=details.retry_num,
        wait=round(details.wait_for, 1),
        reason=str(details.caused_by),
    )


def mask_phones(text: str) -> str:
    """Replace all but the last three digits of what looks like a phone number."""
    return PHONE.sub(_masked, text)


def mask_secrets(text: str) -> str:
    """Replace what follows ``Bearer``, ``token=`` and their like."""
    return SECRET.sub(lambda match: f"{match[1] or ''}***", text)


def _mask_all(text: str) -> str:
    return mask_phones(mask_secrets(text))


def _masked(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if match["kept"] or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return match[0]
    return "***" + digits[-3:]


def _renderer(style: str) -> Processor:
    terminal = sys.stderr.isatty()
    if style == "console" or (style == "auto" and terminal):
        return structlog.dev.ConsoleRenderer(
            colors=terminal, exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.processors.JSONRenderer()


def _masking(mask: Callable[[str], str]) -> Processor:
    """Build what masks every value of an event, however deep it is."""

    def masked(value: object) -> object:
        match value:
            case None | bool() | int() | float():
                return value
            case Mapping():
                return {key: named(str(key), item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [masked(item) for item in value]
            case _:
                return mask(value if isinstance(value, str) else repr(value))

    def named(name: str, value: object) -> object:
        secret = name.lower() == "authorization" or SECRET_NAME.search(name)
        return "***" if secret and value else masked(value)

    def process(_: Any, __: str, event: EventDict) -> EventDict:  # noqa: ANN401  structlog's signature
        return {
            name: value if name.startswith("_") else named(name, value)
            for name, value in event.items()
        }

    return process


class _Stderr(logging.Handler):
    """Writes what libraries log as our own events, to stderr as it is then."""

    def __init__(self, shared: list[Processor], renderer: Processor) -> None:
        super().__init__()
        clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        self.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                processors=[clean, renderer], foreign_pre_chain=shared
            )
        )

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001  logging must not end what it tells of
            self.handleError(record)
