"""Opening the state's file, and SQLite's errors made ours."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from connector.errors import ConfigError, UnavailableError
from connector.state.migrations import migrations

BUSY_TIMEOUT = 30
"""Seconds to wait for another process's transaction."""


def opened(path: Path) -> sqlite3.Connection:
    """Open the file; one process at a time creates and migrates it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            connection = sqlite3.connect(
                path,
                timeout=BUSY_TIMEOUT,
                isolation_level=None,
                check_same_thread=False,  # one connection behind the store's lock
            )
            connection.execute("pragma journal_mode = wal")
            migrations.apply(Database(connection))
    except (OSError, sqlite3.Error) as error:
        message = f"CONNECTOR_STATE {path} cannot be opened: {error}"
        raise ConfigError(message) from error
    return connection


@contextmanager
def translated() -> Iterator[None]:
    """Make SQLite's errors ours: a full disk or a locked file may pass."""
    try:
        yield
    except sqlite3.Error as error:
        raise UnavailableError(f"the state cannot be used: {error}") from error
