"""Agendize: calls by click-to-call buttons and tracked numbers."""
