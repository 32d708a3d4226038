"""What the service answers over HTTP: its own state, webhooks, and its API."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, Response

from connector.errors import ConfigError
from connector.service.api import Desk, api
from connector.service.api_words import ABOUT, TITLE
from connector.service.schedule import Schedule
from connector.service.webhooks import webhooks
from connector.wiring import App

MOST_CONNECTIONS = 500
"""That are open at a time; who comes beyond is answered with 503."""

SLOW_CLIENT = 2
"""Seconds that a client still gets for its answer when the service stops."""


def create_web(app: App, schedule: Schedule, desk: Desk | None = None) -> FastAPI:
    """Make the HTTP application; without a ``desk`` nudges are refused.

    Three routes are open: they say how the service is, and what its API is like;
    nothing about calls, numbers or credentials.
    """
    web = FastAPI(
        title=TITLE,
        description=ABOUT,
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    web.include_router(webhooks(app, schedule))
    web.include_router(api(app, desk, lambda: schedule.looked))

    @web.get("/healthz", responses={503: {"description": "The clockwork stopped."}})
    def healthz(response: Response) -> dict[str, str]:
        """Answer 200 while the clockwork ticks; a container is restarted else."""
        if schedule.running:
            return {"status": "ok"}
        response.status_code = 503
        return {"status": "stopped"}

    @web.get("/readyz", responses={503: {"description": "`problems` says why not."}})
    def readyz(response: Response) -> dict[str, object]:
        """Answer 200 when the state opens and at least one flow is scheduled."""
        problems = list(_problems(app, schedule))
        if problems:
            response.status_code = 503
        return {
            "status": "not ready" if problems else "ready",
            "problems": problems,
            "flows": sorted(schedule.flows),
            "broken_mapping_files": len(schedule.faults),
        }

    return web


def _problems(app: App, schedule: Schedule) -> Iterator[str]:
    try:
        app.store.quarantined()
        app.store.check()
    except Exception as error:  # noqa: BLE001  whatever it is, we are not ready
        yield f"the state cannot be used: {error}"
    if not schedule.flows:
        yield "no mapping file could be loaded: run `connector check`"


@contextmanager
def serving(web: FastAPI, host: str, port: int) -> Iterator[int]:
    """Serve ``web`` in a thread; yields the port it listens on."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        message = f"CONNECTOR_HOST, CONNECTOR_PORT: cannot listen on {host}:{port}"
        why = str(error.strerror).partition(" (")[0]
        raise ConfigError(f"{message}: {why}") from error
    # Every connection inherits this; without it an answer can wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(
        web,
        access_log=False,
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=SLOW_CLIENT,
        limit_concurrency=MOST_CONNECTIONS,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="web")
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
