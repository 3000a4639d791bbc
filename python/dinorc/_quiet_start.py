"""Lets Ctrl-C end the command in silence while it starts.

NumPy and the rest of the package take a tenth of a second or two to import. Ctrl-C in that time
would print a traceback of whatever is being imported, so the system's own handler of SIGINT stands
in: it ends the process at once, and shells see 130. A program that imports the package as a library
is left alone.
"""

import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import PurePath


def _is_command() -> bool:
    """Tell whether this is ``dinorc`` or ``python -m dinorc`` on its way to the command line."""
    program = sys.argv[0] if getattr(sys, "argv", None) else ""
    if program == "-m":  # which it is while the package is found
        module = sys.orig_argv.index("-m") + 1 if "-m" in sys.orig_argv else len(sys.orig_argv)
        return sys.orig_argv[module : module + 1] == ["dinorc"]
    return PurePath(program).name in ("dinorc", "dinorc.exe", "dinorc-script.py")


def _handle(handler: object) -> None:
    with suppress(ValueError):  # only the main thread may
        signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]


_is_quiet = _is_command() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _is_quiet:
    _handle(signal.SIG_DFL)


def is_over() -> None:
    """Give Ctrl-C back to Python, once the command line, too, is imported."""
    if _is_quiet:
        import_module("dinorc._command_line")
        _handle(signal.default_int_handler)
