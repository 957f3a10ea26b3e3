"""The command line: `tocsin NOUN VERB`, one file per noun, loaded only when it is used."""
