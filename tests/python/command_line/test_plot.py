"""``dinorc plot``: each picture lands in its file."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import dinorc
from command_line import Run, assert_failed, assert_wrong_usage
from dinorc import CharRNN, NGram, initialize_parameters, plot
from dinorc._command_line.plot import PICTURES
from small_models import small

pytest.importorskip("matplotlib")

OPTIONS = {
    "losses": (),
    "next-characters": ("--prefix", "tri"),
    "surprise": ("--name", "rex"),
    "transitions": (),
    "lengths": (),
    "labels": ("--labels", "f", "m"),
    "hidden-units": ("--name", "rex"),
    "clipping": (),
}


def test_every_picture_can_be_drawn() -> None:
    assert set(OPTIONS) == set(PICTURES) == {name.replace("_", "-") for name in plot.__all__}


@pytest.mark.parametrize("picture", OPTIONS)
def test_a_picture_is_saved(picture: str, run: Run, model_file: Path, tmp_path: Path) -> None:
    figure = tmp_path / "figure.png"
    if picture == "labels":
        NGram().fit(["anna", "otto"], labels=["f", "m"]).save(model_file)
    model = () if picture == "clipping" else (model_file,)
    done = run("plot", *model, "-o", figure, "--picture", picture, *OPTIONS[picture])
    assert done.code == 0
    assert done.out == ""
    assert done.err == f"saved in {figure}\n"
    assert figure.read_bytes().startswith(b"\x89PNG\r\n")
    assert figure.stat().st_size > 5000


def test_the_ending_chooses_the_format(run: Run, model_file: Path, tmp_path: Path) -> None:
    figure = tmp_path / "figure.svg"
    assert run("plot", model_file, "--output", figure, "--quiet") == (0, "", "")
    assert b"<svg" in figure.read_bytes()


def test_without_a_prefix_the_start_of_a_name_is_drawn(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    options = ("plot", model_file, "--picture", "next-characters", "-o")
    figures = [tmp_path / "none.svg", tmp_path / "empty.svg", tmp_path / "t.svg"]
    for figure, more in zip(figures, [(), ("--prefix", ""), ("--prefix", "t")], strict=True):
        assert run(*options, figure, *more).code == 0
    sizes = [figure.stat().st_size for figure in figures]
    assert sizes[0] == sizes[1] != sizes[2]


@pytest.mark.parametrize(
    ("options", "mentions"),
    [
        (("m",), ("-o",)),
        (("-o", "f.png"), ("the following arguments are required: MODEL",)),
        (("m", "-o", "f.png", "--label", "a"), ("--label: only with --picture hidden-units",)),
        (
            ("m", "-o", "f.png", "--picture", "labels", "--labels", "a", "b", "--labels", "a", "c"),
            ("argument --labels: came twice",),
        ),
        (("-o", "f.png", "--picture", "losses"), ("--picture losses needs MODEL",)),
        (("m", "-o", "f.png", "--picture", "clipping"), ("takes no MODEL", "'m'")),
        (("m", "-o", "f.png", "--picture", "dinosaur"), ("--picture", "dinosaur", "surprise")),
        (("m", "-o", "f.png", "--picture", "surprise"), ("needs --name",)),
        (("m", "-o", "f.png", "--name", "rex"), ("--name: only with --picture surprise or hidd",)),
        (
            ("m", "-o", "f.png", "--picture", "surprise", "--name", "r", "--prefix", "r"),
            ("--prefix",),
        ),
        (("m", "-o", "f.png", "--labels", "a", "b"), ("--labels: only with --picture labels",)),
        (("m", "-o", "f"), ("argument -o", "'f'", ".png")),
    ],
    ids=lambda value: " ".join(value),
)
def test_wrong_usage(run: Run, options: tuple[str, ...], mentions: tuple[str, ...]) -> None:
    assert_wrong_usage(run("plot", *options), *mentions)


def test_what_cannot_be_drawn_or_saved_is_one_line(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    name = ("--picture", "surprise", "--name", "Zoë")
    dinorc.load(model_file).set_params(unknown="error").save(model_file)
    done = run("plot", model_file, "-o", tmp_path / "f.png", *name)
    assert_failed(done, "name is 'Zoë', with the character 'Z'")
    assert "set_params" not in done.err
    assert_failed(run("plot", model_file, "-o", tmp_path / "f.xyz"), "xyz", "png")
    nowhere = tmp_path / "nowhere" / "f.png"
    assert_failed(run("plot", model_file, "-o", nowhere), str(nowhere), "No such file")
    parameters = initialize_parameters(n_a=5, n_x=3, n_y=3)
    CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2}).save(model_file)
    assert_failed(run("plot", model_file, "-o", tmp_path / "f.png"))
    assert not list(tmp_path.glob("f.*"))


def test_the_usual_picture_is_one_that_the_model_has(
    run: Run, model_file: Path, tmp_path: Path
) -> None:
    def drawn(*picture: str) -> int:
        assert run("plot", model_file, "-o", tmp_path / "f.svg", *picture).code == 0
        return (tmp_path / "f.svg").stat().st_size

    assert drawn() == drawn("--picture", "losses")
    NGram().fit(["anna", "otto"]).save(model_file)
    assert drawn() == drawn("--picture", "lengths")


def test_labels_that_are_not_there_are_one_line(run: Run, model_file: Path, tmp_path: Path) -> None:
    picture = ("-o", tmp_path / "f.png", "--picture", "labels")
    assert_failed(run("plot", model_file, *picture), f"{model_file} has fewer than two labels")
    NGram().fit(["anna", "otto"], labels=["f", "m"]).save(model_file)
    assert run("plot", model_file, *picture).code == 0  # there are only two
    done = run("plot", model_file, *picture, "--labels", "f", "x")
    assert_failed(done, "--labels: there is no 'x'; expected one of 'f', 'm'")


def test_hidden_units_of_a_network_with_labels(run: Run, model_file: Path, tmp_path: Path) -> None:
    rnn = small(max_epochs=1, validation_fraction=0).fit(["anna", "otto"], labels=["f", "m"])
    rnn.save(model_file)
    options = ("-o", tmp_path / "f.png", "--picture", "hidden-units", "--name", "ann")
    assert_failed(run("plot", model_file, *options), "--label is needed; expected one of 'f', 'm'")
    assert_failed(run("plot", model_file, *options, "--label", "x"), "--label is 'x'; expected one")
    assert run("plot", model_file, *options, "--label", "m").code == 0
    ax = plot.hidden_units(rnn, "ann", label="m")
    assert ax.get_title() == "Hidden units over “ann” of “m”"
    np.testing.assert_array_equal(
        np.sort(ax.images[0].get_array(), axis=None),
        np.sort(rnn.hidden_states("ann", label="m"), axis=None),
    )


def test_without_matplotlib_it_says_what_to_install(
    run: Run, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = run("plot", model_file, "-o", tmp_path / "f.png")
    assert_failed(done, "pip install matplotlib")
