"""Callyzer: call logs of a sales team's phones."""
