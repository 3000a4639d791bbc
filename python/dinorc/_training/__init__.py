"""How a network is trained: its settings, its names, its run and what is shown of it."""
