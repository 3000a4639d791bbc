"""The pictures of lengths and of labels: what they show is what the model says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dinorc import NGram, plot
from small_models import NAMES, small

RNN = small().fit(NAMES)
WOMEN, MEN = ["anna", "berta", "carla", "ida", "lea"], ["arno", "otto", "hugo", "udo", "leo"]
LABELLED = NGram().fit(WOMEN + MEN, labels=["woman"] * 5 + ["man"] * 5)


def texts(labels: Any) -> list[str]:
    return [label.get_text() for label in labels]


# ---- lengths ------------------------------------------------------------------------------------


def shares(names: list[str], most: int) -> dict[int, float]:
    """Count lengths name by name; those above the most share one place."""
    counts = Counter(min(len(name), most + 1) for name in names)
    return {length: count / len(names) for length, count in counts.items()}


def test_bars_are_the_list_and_the_line_is_the_model() -> None:
    listed, drawn = sorted(set(NAMES)), RNN.sample(5000, seed=0)
    most = max(map(len, listed))
    expected = shares(listed, most), shares(drawn, most)
    ax = plot.lengths(RNN)
    bars = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches}
    (line,) = ax.lines
    points = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert bars.keys() == points.keys()
    for length in bars:
        assert bars[length] == pytest.approx(expected[0].get(length, 0))
        assert points[length] == pytest.approx(expected[1].get(length, 0))
    assert sum(points.values()) == pytest.approx(1)
    apart = 50 * sum(abs(bars[length] - points[length]) for length in bars)
    assert ax.get_title() == f"Lengths of names: {apart:.1f} % differ"
    means = [np.mean([len(name) for name in names]) for names in (listed, drawn)]
    assert texts(ax.get_legend().get_texts()) == [
        f"the list's {len(listed)}: {means[0]:.1f} on average",
        f"the model's: {means[1]:.1f}",
    ]
    assert texts(ax.get_xticklabels())[-1] == f">{most}"


@pytest.mark.parametrize("width", [2.5, 4, 7, 14])
@pytest.mark.parametrize("names", [NAMES, ["anna", "otto", "emma"], ["a" * 200, "b"]])
def test_numbers_below_the_axis_do_not_touch(names: list[str], width: float) -> None:
    figure = Figure((width, 3), layout="constrained")
    ax = plot.lengths(NGram().fit(names), figure.subplots())
    FigureCanvasAgg(figure).draw()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    for left, right in pairwise(boxes):
        assert left.x1 < right.x0


# ---- labels -------------------------------------------------------------------------------------


def bars(panel: Any) -> dict[str, float]:
    letters = texts(panel.get_yticklabels())
    return dict(zip(letters, [bar.get_width() for bar in panel.patches], strict=True))


def test_first_letters_are_exact_and_last_ones_drawn() -> None:
    first, last = plot.labels(LABELLED, "woman", "man")
    exact = {
        label: np.exp(LABELLED.next_char_log_probabilities("", label=label))
        for label in ("woman", "man")
    }
    apart = 100 * (exact["woman"] - exact["man"])
    names = ["none", *LABELLED.vocabulary_[1:]]
    drawn = bars(first)
    assert len(drawn) == min(12, len(names))
    for letter, width in drawn.items():
        assert width == pytest.approx(apart[names.index(letter)])
    left_out = [abs(apart[names.index(name)]) for name in names if name not in drawn]
    assert max(left_out, default=0) <= min(map(abs, drawn.values()))
    ends = {
        label: Counter(name[-1:] for name in LABELLED.sample(5000, seed=0, label=label))
        for label in ("woman", "man")
    }
    for letter, width in bars(last).items():
        end = "" if letter == "none" else letter
        assert width == pytest.approx((ends["woman"][end] - ends["man"][end]) / 50)
    assert bars(last)["a"] > 30 > -30 > bars(last)["o"]
    assert list(bars(last).values()) == sorted(bars(last).values())
    assert {"more in “woman”", "more in “man”"} <= set(texts(last.texts))


def test_the_labels_of_a_model_of_two_need_no_names() -> None:
    given = plot.labels(LABELLED, "man", "woman")
    assert [bars(panel) for panel in plot.labels(LABELLED)] == [bars(panel) for panel in given]


def test_a_number_at_each_bar_is_its_size() -> None:
    first, _ = plot.labels(LABELLED)
    sizes = [f"{abs(width):.1f}" for width in bars(first).values()]
    assert [text for text in texts(first.texts) if "more" not in text] == sizes


@pytest.mark.parametrize(
    ("model", "labels", "message"),
    [
        (RNN, ("a", "b"), "rnn has fewer than two labels"),
        (LABELLED, ("man", "child"), "other is 'child'; expected one of 'man', 'woman'"),
        (LABELLED, ("Man", "woman"), "one is 'Man'; expected one of"),
        (LABELLED, ("man",), "other is None; expected one of"),
        (LABELLED, ("man", "man"), "one and other are both 'man'"),
    ],
)
def test_wrong_labels_are_an_error(model: Any, labels: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        plot.labels(model, *labels)


def test_three_labels_have_to_be_named() -> None:
    three = NGram().fit(["anna", "otto", "rex"], labels=["f", "m", "dog"])
    with pytest.raises(ValueError, match=r"^one is None; expected one of"):
        plot.labels(three)
    assert len(plot.labels(three, "f", "dog")) == 2
