"""Names as users bring them: cleaned, read from files, written in numbers."""
