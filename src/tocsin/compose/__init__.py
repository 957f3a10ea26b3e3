"""The warning: one text, several versions, no leaks."""
