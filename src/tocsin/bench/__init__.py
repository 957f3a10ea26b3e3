"""The figures: `tocsin bench NAME` measures on this machine, now, and says whether each goal is met."""
