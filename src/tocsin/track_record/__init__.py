"""How often an issuer was right."""
