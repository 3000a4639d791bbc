"""Slow, plain NumPy versions of what the core computes, which share no code with the package."""
