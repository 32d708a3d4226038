"""Telling the connector to look at a record now, as the class CallConnector of the
project's metadata does (salesforce/)."""

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

PATIENCE: Final = 5
"""Seconds that the connector may take."""
SUCCESS: Final = 2
CONNECTIONS: Final[dict[str, type[HTTPConnection]]] = {
    "http": HTTPConnection,
    "https": HTTPSConnection,
}


@dataclass(frozen=True, slots=True)
class Connector:
    """Where the connector is, and its API token: what the named credential holds."""

    url: str
    token: str = field(repr=False)
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in CONNECTIONS:
            raise ValueError(f"{self.url}: this is no address by http or https")

    def nudge(self, task_id: str) -> bool:
        """Ask the connector to look at a task; whether it heard, which is no matter.

        A task's id is all that it is told. It is asked once: no answer for so many
        seconds, a redirection or a refusal are all the same.
        """
        address = urlsplit(self.url)
        headers = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/json",
        }
        connection = CONNECTIONS[address.scheme](address.netloc, timeout=self.patience)
        path, body = f"{address.path.rstrip('/')}/v1/nudge", json.dumps({"id": task_id})
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status // 100 == SUCCESS
        except (OSError, HTTPException, ValueError):
            return False
        finally:
            connection.close()


async def aside(work: Callable[[], bool]) -> bool:
    """Do what takes its time in a thread that nobody waits for when the server stops."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bool] = loop.create_future()

    def tell(result: bool) -> None:  # noqa: FBT001 - what the future holds
        if not done.cancelled():
            done.set_result(result)

    def run() -> None:
        result = work()
        with suppress(RuntimeError):  # the server has stopped meanwhile
            loop.call_soon_threadsafe(tell, result)

    threading.Thread(target=run, daemon=True).start()
    return await done
