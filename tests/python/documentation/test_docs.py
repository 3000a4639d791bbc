"""The documentation and the README show what really happens, and the pages build."""

from __future__ import annotations

import inspect
import json
import os
import re
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
HTML = re.compile(r"<(?:script|link|img|iframe)[^>]*? (?:src|href)=\"(https?:[^\"]*)\"")

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


# ---- options and arguments ----------------------------------------------------------------------


def test_the_table_of_options_names_options_and_arguments_that_exist() -> None:
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`-[^|]*) \| (`\w[^|]*) \|", text, re.MULTILINE)
    options = {option for row in rows for option in re.findall(r"`(-[\w-]+)`", row[0])}
    arguments = {argument for row in rows for argument in re.findall(r"`(\w+)`", row[1])}
    parameters = set(inspect.signature(dinorc.CharRNN.generate).parameters)
    assert parameters - arguments == {"self", "accept", "on_shortfall"}
    assert arguments <= parameters
    help_text = subprocess.run(
        [sys.executable, "-m", "dinorc", "generate", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert options <= set(re.findall(r"(?<![\w-])-{1,2}[a-z][\w-]*", help_text))


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


def test_pages_lead_to_the_next_and_the_previous(site: Path) -> None:
    page = (site / "library.html").read_text(encoding="utf-8")
    assert 'class="next-page"' in page
    assert 'class="prev-page"' in page


def test_no_page_needs_a_network(site: Path) -> None:
    for page in site.glob("*.html"):
        assert HTML.findall(page.read_text(encoding="utf-8")) == [], page.name


def test_equations_are_mathml_and_no_raw_tex(site: Path) -> None:
    page = (site / "notebook.html").read_text(encoding="utf-8")
    assert page.count("<math ") > 15
    assert r"\langle" not in page
    assert r"\begin{" not in page


def test_code_has_a_copy_button(site: Path) -> None:
    assert "copybutton.js" in (site / "start.html").read_text(encoding="utf-8")


def test_a_search_for_an_argument_finds_the_command_line(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    content = json.loads(re.fullmatch(r"Search\.setIndex\((.*)\)", index, re.DOTALL)[1])
    found = content["terms"]["max_length"]
    pages = [content["docnames"][page] for page in (found if isinstance(found, list) else [found])]
    assert {"command-line", "library"} <= set(pages)


def test_the_notebooks_are_pages_with_their_outputs(site: Path) -> None:
    for name in ("example-course", "example-names"):
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        assert "<h1>" in page
        assert "What the code above draws." in page


def test_every_picture_is_drawn(site: Path) -> None:
    wanted = sum(page.read_text(encoding="utf-8").count("```{picture}") for page in PAGES)
    for notebook in (ROOT / "examples").glob("*.ipynb"):
        wanted += notebook.read_text(encoding="utf-8").count('"image/png"')
    drawn = [path for path in (site / "_images").iterdir() if path.suffix == ".png"]
    assert len(drawn) == wanted > 0
    assert all(path.stat().st_size > 5000 for path in drawn)


def test_the_reference_has_every_public_name(site: Path) -> None:
    # Four lines of text, then, compressed, one line per object, which begins with its name.
    inventory = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4])
    documented = {line.split(" ")[0] for line in inventory.decode().splitlines()}
    public = {f"dinorc.CharRNN.{name}" for name in dir(dinorc.CharRNN) if name[0] != "_"}
    # What all models have is written down once, for CharRNN.
    for model in (dinorc.Ensemble, dinorc.NGram):
        own = set(dir(model)) - set(dir(dinorc.CharRNN))
        public |= {f"dinorc.{model.__name__}.{name}" for name in own if name[0] != "_"}
    for module in (dinorc.datasets, dinorc.notebook, dinorc.plot):
        public |= {f"{module.__name__}.{name}" for name in module.__all__}
    for name in set(dinorc.__all__) - set(dinorc.notebook.__all__):
        member = getattr(dinorc, name)
        if callable(member):
            errors = member.__module__ == "dinorc.errors"
            public.add(f"dinorc.errors.{name}" if errors else f"dinorc.{name}")
    assert len(public) > 60
    assert sorted(public - documented) == []
