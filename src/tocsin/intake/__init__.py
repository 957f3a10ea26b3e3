"""What comes in: from a text to a threat, each value with the words it was read from."""
