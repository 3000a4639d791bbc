"""The documentation and the README show what really happens, and the pages build."""

from __future__ import annotations

import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import dinorc

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the pages' commands need a shell")

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md"]

sys.path.insert(0, str(DOCS / "_extensions"))
import page_examples  # noqa: E402


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run_and_print_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = page_examples.run_page(page.read_text(encoding="utf-8"), str(page))
    assert [(each.shown, each.printed) for each in run.differences] == []


# ---- the runner itself --------------------------------------------------------------------------

PAGE = """\
```python
import numpy as np

total = 1 + 1
print(total)  # 3
np.print = print
np.print("éééé", total)  # éééé 3
```

```python
for i in range(total):
    print(i)
print("the end")
```

```text
0
1
the end.
```

Text that is not right below a block is not its result.

```python
print("seen")
```

Like this:

```text
unseen
```

```console
$ echo took 1.5 seconds
took 0.1 seconds
$ echo wrong >&2; false
right
$ echo $?
1
$ touch silent
```
"""


def test_the_runner_finds_results_that_differ_from_those_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run = page_examples.run_page(PAGE, "page.md")
    assert [(each.shown, each.printed) for each in run.differences] == [
        ("3", "2"),
        ("éééé 3", "éééé 2"),
        ("0\n1\nthe end.\n", "0\n1\nthe end\n"),
        ("right\n", "wrong\n"),
    ]
    assert [PAGE[each.start : each.end] for each in run.differences] == [
        each.shown for each in run.differences
    ]


def test_the_runner_writes_the_results_into_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["page_examples.py", str(page)])
    page_examples.main()
    written = page.read_text(encoding="utf-8")
    assert written == (
        PAGE.replace("# 3", "# 2")
        .replace("éé 3", "éé 2")
        .replace("the end.", "the end")
        .replace("\nright", "\nwrong")
    )
    monkeypatch.chdir(tmp_path)
    assert page_examples.run_page(written, "page.md").differences == []


def test_an_error_names_the_line_of_the_page() -> None:
    with pytest.raises(ZeroDivisionError) as error:
        page_examples.run_page("# Title\n\n```python\nx = 1\nx / 0\n```\n", "page.md")
    last = error.traceback[-1]
    assert (Path(str(last.path)).name, last.lineno + 1) == ("page.md", 5)


# ---- the pages built ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages; a warning of Sphinx is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E"]
    command += ["-d", str(folder / "doctrees"), str(DOCS), str(folder / "html")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_every_page_is_built_and_reached_from_the_first(site: Path) -> None:
    first = (site / "index.html").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").is_file()
        assert f'href="{page.stem}.html"' in first or page.stem == "index"


def test_every_picture_is_drawn(site: Path) -> None:
    wanted = sum(page.read_text(encoding="utf-8").count("```{picture}") for page in PAGES)
    drawn = [path for path in (site / "_images").iterdir() if path.suffix == ".png"]
    assert len(drawn) == wanted > 0
    assert all(path.stat().st_size > 5000 for path in drawn)


def test_the_reference_has_every_public_name(site: Path) -> None:
    # Four lines of text, then, compressed, one line per object, which begins with its name.
    inventory = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4])
    documented = {line.split(" ")[0] for line in inventory.decode().splitlines()}
    public = {f"dinorc.CharRNN.{name}" for name in dir(dinorc.CharRNN) if name[0] != "_"}
    for module in (dinorc.datasets, dinorc.notebook, dinorc.plot):
        public |= {f"{module.__name__}.{name}" for name in module.__all__}
    for name in set(dinorc.__all__) - set(dinorc.notebook.__all__):
        member = getattr(dinorc, name)
        if callable(member):
            errors = member.__module__ == "dinorc.errors"
            public.add(f"dinorc.errors.{name}" if errors else f"dinorc.{name}")
    assert len(public) > 60
    assert sorted(public - documented) == []
