"""Multisender: calls that ask many people something."""
