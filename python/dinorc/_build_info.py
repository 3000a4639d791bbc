"""What was built, by which compiler, for which instruction set."""

import warnings
from typing import TypedDict

from dinorc import _core


class BuildInfo(TypedDict):
    """What `build_info` returns."""

    version: str
    compiler: str
    flags: str
    instruction_set: str
    float_contract_version: int


def build_info() -> BuildInfo:
    """Tell how the C++ core was built; bug reports should quote this.

    Returns
    -------
    dict
        ``version`` of the package; name and version of the ``compiler``; the ``flags`` given to
        it; ``instruction_set`` of the kernels in use; ``float_contract_version``, which is
        raised whenever any bit of any result changes.

    Examples
    --------
    >>> import dinorc
    >>> dinorc.build_info()["float_contract_version"]
    1
    """
    return _core.build_info()


__version__ = build_info()["version"]

# At the first import the core has run a short computation whose bits are known.
if _core.self_test_failure:
    warnings.warn(
        f"dinorc: {_core.self_test_failure}; please report this with dinorc.build_info()",
        RuntimeWarning,
        stacklevel=2,
    )
