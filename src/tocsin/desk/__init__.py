"""What a duty officer can do: one function and one transaction each. The only place where a transaction starts."""
