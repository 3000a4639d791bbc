"""How unusual a name is, measured against other names."""
