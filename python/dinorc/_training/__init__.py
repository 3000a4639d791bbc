"""How a network is trained: settings, names, the training run and its progress bar."""
