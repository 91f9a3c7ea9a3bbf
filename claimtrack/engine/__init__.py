"""Decide claims from records: pure functions of their arguments; no clock, no file, no print."""
