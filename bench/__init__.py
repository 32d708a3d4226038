"""Figures to be had on any machine: ``make bench``."""
