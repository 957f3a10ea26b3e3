"""Afterwards: what happened, which warnings said so, and what is proved of it."""
