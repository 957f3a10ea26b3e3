"""Who is exposed, and who can act."""
