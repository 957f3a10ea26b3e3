"""To people: which version to whom, in what words, and what next while nobody has answered."""
