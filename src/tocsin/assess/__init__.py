"""How far to believe it, and whether there is a duty to warn."""
