"""The exit codes, and the error that ends a command."""

from __future__ import annotations

DONE = 0
FAILED = 1
WRONG_USAGE = 2  # argparse's own
TOO_FEW_NAMES = 3
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


class CommandError(Exception):
    """Something the user can mend: its text goes to standard error, without a traceback."""
