"""A copy of Multisender, written from its API's document."""

from connector.sandbox.multisender.app import MultisenderSandbox
from connector.sandbox.multisender.fields import RefusedError
from connector.sandbox.multisender.moods import Moods
from connector.sandbox.multisender.webhooks import Delivery

__all__ = ["Delivery", "Moods", "MultisenderSandbox", "RefusedError"]
