"""The demo's administrator: mends the CRM while one looks on, then retries."""

import urllib.request
import json
from collections.abc import Callable
from dataclasses import dataclass

from connector.wiring import App

LOCKED_AFTER, MENDS_AFTER = 12, 30
"""Seconds into the demo."""
