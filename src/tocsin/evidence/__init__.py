"""Proof of who warned whom, when, how exactly. Knows bytes, not warnings."""
