"""Says what makes a warning useless to its readers, before it goes out: our own texts only, never those of others."""
