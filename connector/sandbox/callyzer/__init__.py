"""A copy of Callyzer, written from its document (API 2.1)."""

from connector.sandbox.callyzer.app import CallyzerSandbox, Moods
from connector.sandbox.callyzer.calls import EXAMPLE, FIELDS, new_call
from connector.sandbox.callyzer.people import CLIENTS, NEWCOMER, TEAM

__all__ = [
    "CLIENTS",
    "EXAMPLE",
    "FIELDS",
    "NEWCOMER",
    "TEAM",
    "CallyzerSandbox",
    "Moods",
    "new_call",
]
