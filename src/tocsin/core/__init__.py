"""Words that every stage speaks: area, window, threat, marking, vocabulary. No I/O."""
