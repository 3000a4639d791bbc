"""The models of names, as users hold them."""
