"""The node over HTTP: one file per noun; nothing is computed here, each call is one act of the desk."""
