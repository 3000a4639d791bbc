"""``python -m dinorc``: the command line."""

from dinorc._command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
