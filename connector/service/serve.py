"""The service: the schedule and the web, until a signal."""

from collections.abc import Callable

from connector.errors import ConfigError
from connector.log import get_logger
from connector.model import Run
from connector.service.schedule import Schedule
from connector.service.signals import stop_on_signals
from connector.service.web import create_web, serving
from connector.wiring import App

log = get_logger()


def serve(
    app: App,
    ended: Callable[[Run], None] = lambda _: None,
    faster: float = 1,
) -> int:
    """Run until SIGTERM or SIGINT; the page in hand is finished. Returns 0.

    ``ended`` is called with every run; all flows run so many times ``faster``.
    Raises ConfigError when the port is taken, or no flow can run at all.
    """
    stop_on_signals(app)
    schedule = Schedule(app=app, runner=app.runner(), ended=ended, faster=faster)
    settings = app.settings
    web = create_web(app, schedule, schedule.desk)
    with serving(web, settings.connector_host, settings.connector_port) as port:
        schedule.start()
        try:
            if not schedule.flows:
                raise ConfigError("\n".join(schedule.faults) or "there are no flows")
            log.info("serving", host=settings.connector_host, port=port)
            app.stop.wait()
        finally:
            log.info("stopping")
            schedule.stop()
    log.info("stopped")
    return 0
