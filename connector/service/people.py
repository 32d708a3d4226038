"""Whether the people whom a flow looks for are known."""

from connector.engine.listing import not_read_yet
from connector.errors import UnavailableError
from connector.mapping.flow import PushFlow
from connector.wiring import App


def await_directory(app: App, flow: PushFlow) -> None:
    """Raise UnavailableError, with what to do, where they are not known yet."""
    if lacking := not_read_yet(flow, app.store.loadings()):
        directory = app.flows().directory
        name = directory.name if directory else "directory"
        raise UnavailableError(
            f"the directory is not loaded yet ({', '.join(lacking)}): run"
            f" `connector sync {name}`"
        )
