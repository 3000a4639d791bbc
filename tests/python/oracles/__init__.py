"""What the core computes, in slow, plain NumPy that shares no code with the package."""
