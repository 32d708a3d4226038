"""Mapping files: read, checked, and compiled to plain functions."""
