"""The outside systems, one folder each; they never meet."""
