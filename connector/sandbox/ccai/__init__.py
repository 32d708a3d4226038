"""A copy of the CCAI Platform: the Apps API from its document, and the Manager API."""

from connector.sandbox.ccai.account import Account, Agent, EndUser, Menu
from connector.sandbox.ccai.app import CcaiSandbox
from connector.sandbox.ccai.calls import FIELDS, TERMINAL
from connector.sandbox.ccai.moods import Moods

__all__ = [
    "FIELDS",
    "TERMINAL",
    "Account",
    "Agent",
    "CcaiSandbox",
    "EndUser",
    "Menu",
    "Moods",
]
