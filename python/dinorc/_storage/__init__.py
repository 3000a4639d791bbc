"""How a model becomes a file, and a file a model."""
