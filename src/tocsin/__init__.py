"""Tocsin: an open duty-to-warn exchange."""
