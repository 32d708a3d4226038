"""A copy of NewVoiceMedia's call request, written from its document."""

from connector.sandbox.newvoicemedia.app import Moods, NewVoiceMediaSandbox
from connector.sandbox.newvoicemedia.exchange import Agent, Dial

__all__ = ["Agent", "Dial", "Moods", "NewVoiceMediaSandbox"]
