"""CAP 1.2, the format that goes in and out."""
