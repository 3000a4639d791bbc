"""How much memory a process has used, on Linux."""

from __future__ import annotations

import re
from pathlib import Path


def most_bytes() -> int:
    """Return the most memory that this process has had at a time.

    What `resource.getrusage` says begins with what the parent had when it made the process.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return 1024 * int(found[1])
