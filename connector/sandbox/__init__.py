"""Small faithful copies of the outside systems, over real HTTP."""
