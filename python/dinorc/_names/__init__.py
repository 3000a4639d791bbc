"""Names as users bring them: cleaned, read from files, written in numbers."""

from dinorc._names.cleaning import NamesReport

__all__ = ["NamesReport"]  # reports pickled by earlier versions name it here
