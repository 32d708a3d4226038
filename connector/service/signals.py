"""Being told to stop."""

import os
import signal
import threading

from connector.wiring import App

STOPS = (signal.SIGTERM, signal.SIGINT)


def stop_on_signals(app: App) -> None:
    """Have SIGTERM and SIGINT stop ``app`` after the page in hand.

    Python runs a handler when the main thread gets to it: never, if the signal came
    just before it waits for ``app.stop``, or with the lock of ``app.stop`` in its
    hand. So a thread hears of signals from a pipe, and the handler does nothing.
    """
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    for number in STOPS:
        signal.signal(number, lambda *_: None)
    thread = threading.Thread(
        target=_listen, args=(told, app.stop), name="signals", daemon=True
    )
    thread.start()


def _listen(told: int, stop: threading.Event) -> None:
    """Set ``stop`` when a signal's number comes that says so."""
    while os.read(told, 1)[0] not in STOPS:
        pass
    stop.set()
