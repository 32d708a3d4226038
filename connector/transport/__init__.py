"""Shared HTTP: pacing, retries and the seam where foreign errors become ours."""
