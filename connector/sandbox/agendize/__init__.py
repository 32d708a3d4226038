"""A copy of Agendize's calls, written from its document."""

from connector.sandbox.agendize.app import AgendizeSandbox
from connector.sandbox.agendize.calls import FIELDS
from connector.sandbox.agendize.delivery import Attempt
from connector.sandbox.agendize.moods import Moods

__all__ = ["FIELDS", "AgendizeSandbox", "Attempt", "Moods"]
