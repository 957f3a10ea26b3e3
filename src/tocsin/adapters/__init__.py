"""One file or folder per technology; each serves one or more ports."""
