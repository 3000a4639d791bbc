"""The pictures: they show what the model says, and leave nothing behind."""

from __future__ import annotations

import io
import math
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dinorc import CharRNN, Ensemble, NGram, NotFittedError, datasets, load, plot
from dinorc.plot import _cliff, _colors, _figure, _lettering, _transitions
from oracles import notebook as reference
from small_models import NAMES, everything, small

matplotlib.use("Agg")

CHINESE = [
    a + b for a in "王李张刘陈杨黄赵吴周徐孙马朱胡林" for b in "伟芳娜秀英敏静丽强磊军洋勇艳杰"
]
STRANGE = ["Ольга", "Анна Мария", "x\u0323\u0301y", "$a$", "zero\u200bwidth", "_a"]

RNN = small().fit(NAMES)
STRICT = small(unknown="error").fit(NAMES)
UNVALIDATED = small(validation_fraction=0, dropout=0).fit(["ab", "ba", "aab", "bb"])
LABELLED = small(validation_fraction=0).fit(
    ["anna", "berta", "carla", "arno", "otto", "hugo"] * 5, labels=list("fffmmm") * 5
)
UNICODE = small(max_epochs=1).fit(CHINESE + STRANGE)

PICTURES: dict[str, Callable[[Any], Any]] = {
    "losses": lambda ax: plot.losses(RNN, ax),
    "next_characters": lambda ax: plot.next_characters(RNN, "tri", ax),
    "surprise": lambda ax: plot.surprise(RNN, "triceratops", ax),
    "transitions": lambda ax: plot.transitions(RNN, ax),
    "lengths": lambda ax: plot.lengths(RNN, ax),
    "labels": lambda ax: plot.labels(LABELLED, "f", "m", ax),
    "hidden_units": lambda ax: plot.hidden_units(RNN, "triceratops", ax),
    "clipping": lambda ax: plot.clipping(ax),
}


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """Check that a picture changes no settings and leaves no figure with pyplot."""
    settings = dict(matplotlib.rcParams)
    yield
    assert pyplot.get_fignums() == []
    assert dict(matplotlib.rcParams) == settings


def png(figure: Any) -> bytes:
    """Draw a figure; warnings, such as those about missing glyphs, are errors in these tests."""
    FigureCanvasAgg(figure)
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


AXES = Figure().add_subplot()
SEVERAL = {"transitions": 3, "labels": 2}  # Axes that a picture takes


def axes_for(picture: str) -> Any:
    """Return empty Axes on a new figure, as many as the picture takes."""
    figure = Figure()
    count = SEVERAL.get(picture, 1)
    return figure.subplots(1, count) if count > 1 else figure.add_subplot()


def texts(labels: Any) -> list[str]:
    return [label.get_text() for label in labels]


# ---- all pictures --------------------------------------------------------------------------------


def test_every_picture_is_in_this_test() -> None:
    assert sorted(PICTURES) == plot.__all__


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_draws_on_given_axes_or_on_a_new_figure(picture: str) -> None:
    own = np.ravel(PICTURES[picture](None))
    given = axes_for(picture)
    returned = PICTURES[picture](given)
    if picture in SEVERAL:
        assert isinstance(returned, np.ndarray)
        assert list(returned) == list(given)
    else:
        assert returned is given
    for ax in (*own, *np.ravel(given)):
        assert isinstance(ax, Axes)
        assert ax.get_title() != ""
        assert png(ax.figure).startswith(b"\x89PNG")
        if picture != "surprise":
            assert ax.get_xlabel() != ""
            assert ax.get_ylabel() != ""


@pytest.mark.parametrize("picture", PICTURES)
def test_wrong_axes_are_an_error(picture: str) -> None:
    with pytest.raises(
        TypeError, match=r"^ax is .*; expected (two |three )?Axes of matplotlib's, or None"
    ):
        PICTURES[picture](Figure())


@pytest.mark.parametrize("ax", [AXES, [1], [AXES, AXES, None], [AXES] * 2, "abc"])
def test_transitions_take_three_axes(ax: object) -> None:
    with pytest.raises(TypeError, match=r"^ax(\[[02]\])? is .*; expected (three )?Axes"):
        plot.transitions(RNN, ax)  # type: ignore[arg-type]


@pytest.mark.parametrize("ax", [AXES, [1], [AXES, None], [AXES] * 3, "ab"])
def test_labels_take_two_axes(ax: object) -> None:
    with pytest.raises(TypeError, match=r"^ax(\[[01]\])? is .*; expected (two )?Axes"):
        plot.labels(LABELLED, "f", "m", ax)  # type: ignore[arg-type]


OF_A_MODEL: dict[str, Callable[[Any, Any], Any]] = {
    "losses": lambda rnn, ax: plot.losses(rnn, ax),
    "next_characters": lambda rnn, ax: plot.next_characters(rnn, "", ax),
    "surprise": lambda rnn, ax: plot.surprise(rnn, "a", ax),
    "transitions": lambda rnn, ax: plot.transitions(rnn, ax),
    "lengths": lambda rnn, ax: plot.lengths(rnn, ax),
    "hidden_units": lambda rnn, ax: plot.hidden_units(rnn, "a", ax),
}


def test_pictures_of_what_only_networks_have_say_so() -> None:
    ensemble = Ensemble.of([RNN, RNN])
    for picture in ("losses", "hidden_units"):
        with pytest.raises(TypeError, match=r"expected a CharRNN$"):
            OF_A_MODEL[picture](ensemble, axes_for(picture))
    assert len(plot.next_characters(ensemble, "tri").patches) > 3
    assert len(plot.surprise(ensemble, "rex").texts) > 3


@pytest.mark.parametrize("picture", OF_A_MODEL)
@pytest.mark.parametrize(
    ("rnn", "error", "message"),
    [
        (None, TypeError, "rnn is None (NoneType); expected a "),
        (
            CharRNN,
            TypeError,
            "rnn is <class 'dinorc.CharRNN'> (ABCMeta); expected a ",
        ),
        (CharRNN(), NotFittedError, "call fit(names) first"),
    ],
)
def test_wrong_models_are_an_error_before_anything_is_drawn(
    picture: str, rnn: Any, error: type[Exception], message: str
) -> None:
    ax = axes_for(picture)
    figure = np.ravel(ax)[0].figure
    before = png(figure)
    with pytest.raises(error) as raised:
        OF_A_MODEL[picture](rnn, ax)
    assert message in str(raised.value)
    assert png(figure) == before


def test_the_name_without_characters_has_an_end() -> None:
    assert [text.get_text() for text in plot.surprise(RNN, "").texts][::2] == ["end"]
    assert plot.hidden_units(RNN, "").images[0].get_array().shape[1] == 1


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (lambda ax: plot.next_characters(RNN, "tri3", ax), ValueError),
        (lambda ax: plot.next_characters(RNN, 3, ax), TypeError),
        (lambda ax: plot.surprise(STRICT, "tri3", ax), ValueError),
        (lambda ax: plot.surprise(RNN, ["tri"], ax), TypeError),
        (lambda ax: plot.hidden_units(RNN, "tri3", ax), ValueError),
        (lambda ax: plot.hidden_units(RNN, 3, ax), TypeError),
    ],
)
def test_wrong_names_are_an_error_before_anything_is_drawn(
    draw: Callable[[Axes], Axes], error: type[Exception]
) -> None:
    ax = Figure().add_subplot()
    before = png(ax.figure)
    with pytest.raises(error):
        draw(ax)
    assert png(ax.figure) == before


def test_pictures_leave_the_model_alone_and_are_those_of_its_file(tmp_path: Path) -> None:
    before = everything(RNN)
    pictures = {name: png(np.ravel(draw(RNN, None))[0].figure) for name, draw in OF_A_MODEL.items()}
    assert everything(RNN) == before
    RNN.save(tmp_path / "names.safetensors")
    loaded = load(tmp_path / "names.safetensors")
    for name, draw in OF_A_MODEL.items():
        assert png(np.ravel(draw(loaded, None))[0].figure) == pictures[name]


def test_without_matplotlib_the_package_imports_and_the_error_says_what_to_install() -> None:
    code = """
import sys
sys.modules["matplotlib"] = None
from dinorc import plot
for draw in (lambda: plot.clipping(), lambda: plot.transitions(None), lambda: plot.losses(None)):
    try:
        draw()
    except ImportError as error:
        print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.count("pip install matplotlib") == 3


def test_the_package_does_not_import_matplotlib() -> None:
    code = "import sys, dinorc.plot; print('matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "False\n"


def test_in_jupyter_pyplot_makes_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_figure, "in_jupyter", lambda: True)
    ax = plot.losses(RNN)
    assert pyplot.get_fignums() == [ax.figure.number]
    pyplot.close(ax.figure)


# ---- losses --------------------------------------------------------------------------------------


def lines(ax: Axes) -> dict[str, Any]:
    return {str(line.get_label()).split(":")[0]: line for line in ax.lines}


def test_losses_are_those_of_the_history() -> None:
    rnn, history = RNN, RNN.history_
    drawn = lines(plot.losses(rnn))
    assert list(drawn) == ["guessing", "training, with dropout", "validation", "best epoch, 3"]
    columns = {"training, with dropout": "training_loss", "validation": "validation_loss"}
    for label, column in columns.items():
        assert list(drawn[label].get_xdata()) == history["epoch"]
        assert list(drawn[label].get_ydata()) == history[column]
    best = history["validation_loss"][rnn.best_epoch_ - 1]
    marked = drawn[f"best epoch, {rnn.best_epoch_}"]
    assert (*marked.get_xdata(), *marked.get_ydata()) == (rnn.best_epoch_, best)
    assert marked.get_label().endswith(f": {best:.3f}")
    assert drawn["guessing"].get_ydata()[0] == pytest.approx(math.log(len(rnn.vocabulary_)))


def test_the_best_epoch_is_marked_where_it_is_not_the_last() -> None:
    rnn = small(max_epochs=12, hidden_size=32, dropout=0, learning_rate=0.03).fit(NAMES)
    assert 1 < rnn.best_epoch_ < 12
    marked = lines(plot.losses(rnn))[f"best epoch, {rnn.best_epoch_}"]
    assert marked.get_xdata()[0] == rnn.best_epoch_
    assert marked.get_ydata()[0] == min(rnn.history_["validation_loss"])


def test_without_validation_the_last_epoch_is_marked() -> None:
    drawn = lines(plot.losses(UNVALIDATED))
    assert list(drawn) == ["guessing", "training", "last epoch, 3"]
    marked = drawn["last epoch, 3"]
    assert list(marked.get_xdata()) == [3]
    assert list(marked.get_ydata()) == UNVALIDATED.history_["training_loss"][-1:]


def test_a_single_epoch_has_its_number_at_the_axis() -> None:
    ax = plot.losses(UNICODE)
    png(ax.figure)
    assert 1 in ax.get_xticks()
    assert [tick for tick in ax.get_xticks() if tick != int(tick)] == []


@pytest.mark.parametrize("picture", ["losses", "transitions", "lengths"])
def test_a_network_from_elsewhere_has_no_history_and_no_list(picture: str) -> None:
    trained = small(cell="rnn", embedding_size=None, max_epochs=1).fit(NAMES)
    elsewhere = CharRNN.from_notebook(*trained.to_notebook())
    with pytest.raises(ValueError, match=r"^rnn .*; expected a \w+ that fit has trained"):
        OF_A_MODEL[picture](elsewhere, None)
    for other in {"next_characters", "surprise", "hidden_units"}:
        png(OF_A_MODEL[other](elsewhere, None).figure)


# ---- next characters -----------------------------------------------------------------------------


def test_bars_are_the_probabilities_of_all_characters() -> None:
    ax = plot.next_characters(RNN, "tri")
    labels = texts(ax.get_xticklabels())
    heights = [bar.get_height() for bar in ax.patches]
    expected = np.exp(RNN.next_char_log_probabilities("tri"))
    names = ["end", *RNN.vocabulary_[1:]]
    assert sorted(labels) == sorted(names)
    assert heights == sorted(heights, reverse=True)
    for label, height in zip(labels, heights, strict=True):
        assert height == pytest.approx(expected[names.index(label)], rel=1e-14)
    assert math.fsum(heights) == pytest.approx(1)
    colors = {label: bar.get_facecolor() for label, bar in zip(labels, ax.patches, strict=True)}
    assert [label for label in labels if colors[label] != colors["a"]] == ["end"]
    percentages = [text for text in texts(ax.texts) if text]
    assert percentages[0] == f"{100 * heights[0]:.0f} %"
    assert len(percentages) == sum(height >= 0.005 for height in heights)


def test_the_title_names_the_prefix() -> None:
    assert plot.next_characters(RNN, "tri").get_title() == "What comes after “tri”"
    assert plot.next_characters(RNN).get_title() == "How names begin"


def test_the_rest_of_many_characters_shares_a_bar() -> None:
    probabilities = np.sort(np.exp(UNICODE.next_char_log_probabilities("王")))[::-1]
    ax = plot.next_characters(UNICODE, "王")
    heights = [bar.get_height() for bar in ax.patches]
    assert len(heights) == 32
    assert heights[:31] == pytest.approx(probabilities[:31].tolist())
    assert heights[31] == pytest.approx(probabilities[31:].sum())
    assert texts(ax.get_xticklabels())[-1] == f"{len(probabilities) - 31} others"


# ---- surprise ------------------------------------------------------------------------------------


def cells(ax: Axes) -> Any:
    return np.ma.filled(ax.collections[0].get_array(), np.nan).ravel()


def test_colours_are_the_nats_of_each_character() -> None:
    ax = plot.surprise(RNN, "triceratops")
    nats = -RNN.score_chars("triceratops")
    assert cells(ax).tolist() == nats.tolist()
    assert texts(ax.texts)[::2] == [*"triceratops", "end"]
    assert texts(ax.texts)[1::2] == [f"{value:.1f}" for value in nats]
    assert f"{nats.sum():.1f} nats, {nats.mean():.2f} a character" in ax.get_title()


def test_colours_mean_the_same_for_every_name() -> None:
    for name in ("rex", "triceratops", "xqzvw" * 6):
        norm = plot.surprise(RNN, name).collections[0].norm
        assert norm.vmin == 0
        assert norm.vmax == pytest.approx(2 * math.log(len(RNN.vocabulary_)))


@pytest.mark.parametrize("length", [1, 15, 16, 40, 1000])
def test_a_long_name_takes_several_rows_in_reading_order(length: int) -> None:
    name = ("triceratops" * 91)[:length]
    ax = plot.surprise(RNN, name)
    nats = -RNN.score_chars(name)
    drawn = cells(ax)
    assert drawn[: length + 1].tolist() == nats.tolist()
    assert np.isnan(drawn[length + 1 :]).all()
    rows, columns = ax.collections[0].get_array().shape
    assert rows == math.ceil((length + 1) / columns)
    assert (rows == 1) == (length < 16)
    letters = [text for text in ax.texts if text.get_text() in (*"triceaops", "end")]
    for place, (text, character) in enumerate(zip(letters, [*name, "end"], strict=True)):
        assert text.get_text() == character
        assert (int(text.get_position()[1]), int(text.get_position()[0])) == divmod(place, columns)
        assert text.get_fontsize() >= 6 or text.get_text() == "end"
    png(ax.figure)


def test_the_impossible_is_drawn() -> None:
    rnn = pickle.loads(everything(RNN)).set_params(unknown="impossible")
    ax = plot.surprise(rnn, "tri3")
    assert "∞" in texts(ax.texts)
    mesh = ax.collections[0]
    assert cells(ax)[3] > mesh.norm.vmax
    assert math.isfinite(mesh.norm.vmax)
    png(ax.figure)


def test_a_name_is_cleaned_as_by_scoring() -> None:
    ax = plot.surprise(RNN, " rex\n")
    assert texts(ax.texts)[::2] == [*"rex", "end"]


def test_text_has_the_colour_that_can_be_read_on_its_cell() -> None:
    ngram = NGram().fit(NAMES).set_params(unknown="rare")
    ax = plot.surprise(ngram, "tri3")  # the 3 is dark, the others are pale beside it
    colors = ax.collections[0].to_rgba(cells(ax))
    expected = [_colors.readable_on(color) for color in colors]
    assert [text.get_color() for text in ax.texts[::2]] == expected
    assert [text.get_color() for text in ax.texts[1::2]] == expected
    assert set(expected) == {"black", "white"}


def test_text_can_be_read_on_every_colour() -> None:
    def luminance(color: Any) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    for color in matplotlib.colormaps[_colors.AMOUNTS](np.linspace(0, 1, 256)):
        text = 1.0 if _colors.readable_on(color) == "white" else 0.0
        light, dark = max(text, luminance(color)), min(text, luminance(color))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


# ---- transitions ---------------------------------------------------------------------------------


def shares(names: list[str], characters: str) -> Any:
    """Count pairs name by name."""
    counts = Counter(pair for name in names for pair in pairwise(f"\n{name}\n"))
    table = np.array([[counts[a, b] for b in characters] for a in characters], dtype=float)
    return table, table / table.sum(axis=1, keepdims=True)


def test_transitions_are_those_of_the_draws_and_of_the_list() -> None:
    of_model, of_names, apart = plot.transitions(RNN)
    characters = RNN.vocabulary_
    drawn, drawn_shares = shares(RNN.sample(5000, seed=0), characters)
    listed, listed_shares = shares(sorted(set(NAMES)), characters)
    assert np.asarray(of_model.images[0].get_array()) == pytest.approx(drawn_shares)
    assert np.asarray(of_names.images[0].get_array()) == pytest.approx(listed_shares)
    assert of_model.images[0].norm is of_names.images[0].norm
    assert texts(of_model.get_yticklabels()) == ["start", *characters[1:]]
    assert texts(of_names.get_xticklabels()) == ["end", *characters[1:]]
    distance = 0.5 * np.abs(drawn / drawn.sum() - listed / listed.sum()).sum()
    points = 100 * (drawn / drawn.sum() - listed / listed.sum())
    assert np.asarray(apart.images[0].get_array()) == pytest.approx(points)
    assert apart.get_title() == f"Difference: {100 * distance:.1f} % of pairs"
    furthest = np.abs(points).max()  # white is no difference
    assert (-apart.images[0].norm.vmin, apart.images[0].norm.vmax) == pytest.approx((furthest,) * 2)
    assert of_model.get_title() == "The model's names"
    assert of_names.get_title() == f"The list's {len(set(NAMES)):,} names"


def test_rare_characters_share_a_row_and_a_column() -> None:
    _, of_names, _ = plot.transitions(UNICODE)
    labels = texts(of_names.get_yticklabels())
    assert len(labels) == 40
    assert labels[-1] == f"{len(UNICODE.vocabulary_) - 39} others"
    names = sorted(set(CHINESE + STRANGE))
    frequencies = Counter("".join(name + "\n" for name in names))
    most = sorted(frequencies, key=lambda c: (-frequencies[c], c))[:39]
    kept = "".join(sorted(most))
    lumped = ["".join(c if c in kept else "?" for c in name) for name in names]
    _, expected = shares(lumped, kept + "?")
    assert np.ma.filled(of_names.images[0].get_array(), -1) == pytest.approx(expected)


def test_a_character_that_was_not_drawn_has_an_empty_row() -> None:
    text = np.array([1, 1, 0])
    pairs = _transitions._pairs(text, np.arange(3), 3)
    assert pairs.tolist() == [[0, 1, 0], [1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("size", [(16, 5.2), (9, 6), (12, 2)])
def test_colour_bars_are_as_tall_as_the_maps(size: tuple[float, float]) -> None:
    figure = Figure(size, layout="constrained")
    panels = plot.transitions(RNN, figure.subplots(1, 3))
    png(figure)  # lays it out
    for panel in panels[1:]:
        (bar,) = panel.child_axes
        assert bar.get_window_extent().y0 == pytest.approx(panel.get_window_extent().y0, abs=1)
        assert bar.get_window_extent().y1 == pytest.approx(panel.get_window_extent().y1, abs=1)
    assert not panels[0].child_axes


# ---- hidden units --------------------------------------------------------------------------------


def test_rows_are_the_hidden_units_ordered_by_their_peaks() -> None:
    states = RNN.hidden_states("triceratops")
    ax = plot.hidden_units(RNN, "triceratops")
    drawn = np.asarray(ax.images[0].get_array())
    units = [int(label) for label in texts(ax.get_yticklabels())]
    assert sorted(units) == list(range(8))
    assert drawn.tolist() == states.T[units].tolist()
    peaks = np.abs(drawn).argmax(axis=1)
    assert peaks.tolist() == sorted(peaks)
    for above, below in pairwise(range(8)):
        if peaks[above] == peaks[below]:
            assert drawn[above, peaks[above]] >= drawn[below, peaks[below]]
    assert texts(ax.get_xticklabels()) == ["start", *"triceratops"]
    assert (ax.images[0].norm.vmin, ax.images[0].norm.vmax) == (-1, 1)


def test_many_units_and_long_names_have_no_labels_of_their_own() -> None:
    rnn = small(hidden_size=50, max_epochs=1).fit(NAMES)
    ax = plot.hidden_units(rnn, "triceratops" * 6)
    assert ax.images[0].get_array().shape == (50, 67)
    png(ax.figure)
    assert list(ax.get_yticks()) == []
    assert ax.get_ylabel() == "50 hidden units, by where they peak"
    assert ax.get_xlabel() == "characters read"


# ---- clipping ------------------------------------------------------------------------------------

CLIFF = _cliff.Cliff.of_the_dinosaurs()


def oracle_loss(w: float, b: float) -> float:
    """Return the loss by the plain NumPy network of the tests, in nats per character."""
    loss, _ = reference.rnn_forward(
        CLIFF.inputs, CLIFF.targets, np.zeros((1, 1)), CLIFF.at(w, b), len(CLIFF.parameters["by"])
    )
    return float(loss) / len(CLIFF.targets)


def test_the_name_is_the_longest_of_the_list() -> None:
    assert max(datasets.load("dinos"), key=len) == _cliff.NAME


@pytest.fixture(scope="module")
def clipping() -> Axes:
    return plot.clipping()


def test_the_surface_is_the_loss_of_the_network(clipping: Axes) -> None:
    surface = np.asarray(clipping.collections[0].get_array())
    ws, bs = np.linspace(-2, 5, 113), np.linspace(-2, 2.5, 181)
    assert surface.shape == (181, 113)
    for row, column in ((0, 0), (40, 3), (90, 70), (120, 100), (180, 112)):
        assert surface[row, column] == pytest.approx(oracle_loss(ws[column], bs[row]), rel=1e-9)


def test_the_steps_are_those_of_gradient_descent() -> None:
    path = CLIFF.descend(None)
    size = len(CLIFF.targets) * _cliff.LEARNING_RATE
    for step in (0, 30, 59):
        w, b = path[step]
        gradient = np.array(
            [
                (oracle_loss(w + 1e-6, b) - oracle_loss(w - 1e-6, b)) / 2e-6,
                (oracle_loss(w, b + 1e-6) - oracle_loss(w, b - 1e-6)) / 2e-6,
            ]
        )
        assert path[step] - path[step + 1] == pytest.approx(size * gradient, rel=1e-4)


def test_without_clipping_descent_is_thrown_off_the_cliff_and_with_it_arrives(
    clipping: Axes,
) -> None:
    drawn = lines(clipping)
    thrown = np.array(drawn["without clipping"].get_data()).T
    clipped = np.array(drawn["clipped at 5"].get_data()).T
    assert thrown[0].tolist() == clipped[0].tolist() == [*_cliff.START]
    assert thrown[0].tolist() == np.ravel(drawn["start"].get_data()).tolist()
    steps = np.abs(np.diff(thrown, axis=0)).max(axis=1)
    leap = int(steps.argmax())
    assert round(float(steps[leap]) / _cliff.LEARNING_RATE) == 188
    assert thrown[:leap].tolist() == clipped[:leap].tolist()
    assert np.abs(np.diff(clipped, axis=0)).max() <= 5 * _cliff.LEARNING_RATE * (1 + 1e-12)
    surface = np.asarray(clipping.collections[0].get_array())
    assert CLIFF.loss(*clipped[-1]) < surface.min() + 1e-3
    assert CLIFF.loss(*thrown[-1]) > CLIFF.loss(*_cliff.START) + 1
    assert steps[-1] < 1e-3  # hardly any slope
    where = "to (-1.7, -9.1):\nloss 5.87".replace("-", "\N{MINUS SIGN}")
    assert any(where in text for text in texts(clipping.texts))


def test_the_descent_is_the_same_each_time() -> None:
    again = _cliff.Cliff.of_the_dinosaurs()
    assert again.descend(5).tobytes() == CLIFF.descend(5).tobytes()
    assert again.descend(None).tobytes() == CLIFF.descend(None).tobytes()


# ---- letters -------------------------------------------------------------------------------------


def test_characters_without_a_glyph_are_written_as_code_points() -> None:
    private = "\U000f0000"  # a private character, which no font has
    lettering = _lettering.Lettering.of("aЖ" + private)
    assert lettering.labels(["\n", "a", "Ж", private]) == ["end", "a", "Ж", "U+F0000"]
    assert lettering.label("\n", end="start") == "start"
    assert lettering.quoted("a" + private) == "“a\N{REPLACEMENT CHARACTER}”"


def test_spaces_marks_and_invisible_characters_can_be_seen() -> None:
    lettering = _lettering.Lettering.of(" \u0301\u200b\u00a0")
    assert lettering.labels(" \u0301\u200b\u00a0") == ["␣", "◌\u0301", "U+200B", "U+00A0"]


def test_a_long_name_is_shortened_in_a_title() -> None:
    lettering = _lettering.Lettering.of("ab")
    assert lettering.quoted("ab" * 20) == "“" + "ab" * 20 + "”"
    assert lettering.quoted("ab" * 21) == "“" + "ab" * 19 + "a…”"


def test_another_font_is_found_for_what_the_usual_one_lacks() -> None:
    with matplotlib.rc_context({"font.family": ["cmr10"]}):  # has no Cyrillic letters
        lettering = _lettering.Lettering.of("aЖ")
    assert lettering.families[0] == "cmr10"
    assert len(lettering.families) > 1
    assert lettering.label("Ж") == "Ж"


@pytest.mark.parametrize("name", [*STRANGE, "王伟", "$$", "a_b^c\\"])
def test_any_name_is_drawn_without_a_warning(name: str) -> None:
    rnn = pickle.loads(everything(UNICODE)).set_params(unknown="rare")
    png(plot.surprise(rnn, name).figure)
    if set(name) <= set(rnn.vocabulary_):
        png(plot.hidden_units(rnn, name).figure)
        png(plot.next_characters(rnn, name).figure)


def test_a_dollar_is_a_dollar() -> None:
    ax = plot.surprise(UNICODE, "$a$")
    assert "“$a$”" in ax.get_title()
    assert not ax.title.get_parse_math()


def test_pictures_of_a_list_in_many_letters_are_drawn_without_a_warning() -> None:
    png(plot.transitions(UNICODE)[0].figure)
    png(plot.losses(UNICODE).figure)
    png(plot.transitions(UNVALIDATED)[0].figure)
