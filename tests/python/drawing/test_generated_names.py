"""The list that generate returns: a list, with log-probabilities that stay with their names."""

from __future__ import annotations

import copy
import pickle
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from dinorc import GeneratedNames, GenerationReport, NamesShortfallError

REPORT = GenerationReport(wanted=4, candidates=5, accepted=4, excluded=1)
WORDS = ["nanna", "hanna", "anna", "na"]
NATS = [-4.5, -2.25, -3.0, -8.0]


def names() -> GeneratedNames:
    """Return four names."""
    return GeneratedNames(WORDS, NATS, REPORT)


def test_it_is_a_list() -> None:
    assert names() == WORDS
    assert isinstance(names(), list)
    assert repr(names()) == repr(WORDS)
    assert str(names()) == str(WORDS)
    assert names()[-1] == "na"
    assert names() + ["x"] == [*WORDS, "x"]
    assert sorted(names()) == sorted(WORDS)
    assert GeneratedNames() == []
    assert GeneratedNames().log_probabilities.shape == (0,)
    with pytest.raises(ValueError, match="3 numbers, and names has 4 names; expected one for each"):
        GeneratedNames(WORDS, NATS[:3])


def test_log_probabilities_are_float64_and_bit_for_bit() -> None:
    given = np.array([0.1, -1e-300, -np.inf, -3.3])
    log_probabilities = GeneratedNames(WORDS, given).log_probabilities
    assert log_probabilities.dtype == np.float64
    assert log_probabilities.tobytes() == given.tobytes()


def test_slices_and_copies_keep_them() -> None:
    for other in (
        names()[:],
        names().copy(),
        copy.copy(names()),
        copy.deepcopy(names()),
        pickle.loads(pickle.dumps(names())),
    ):
        assert type(other) is GeneratedNames
        assert other == WORDS
        assert other.log_probabilities.tolist() == NATS
        assert other.report == REPORT
    assert names()[1:3].log_probabilities.tolist() == NATS[1:3]
    assert names()[::-2].log_probabilities.tolist() == NATS[::-2]
    assert names()[9:].log_probabilities.tolist() == []


def test_a_copy_is_another_list() -> None:
    one = names()
    two = one.copy()
    two.append("x")
    assert one == WORDS


def test_they_stay_with_their_names_when_the_list_changes() -> None:
    changed = names()
    changed.sort()
    assert changed.log_probabilities.tolist() == [-3.0, -2.25, -8.0, -4.5]
    changed.remove("hanna")
    changed.append("other")
    assert changed.log_probabilities[:3].tolist() == [-3.0, -8.0, -4.5]
    assert np.isnan(changed.log_probabilities[3])


def test_a_name_that_comes_twice_has_it_twice() -> None:
    assert GeneratedNames(["a", "b", "a"], [-1, -2, -1]).log_probabilities.tolist() == [-1, -2, -1]


def cells(html: str) -> list[str]:
    """Return the text of the table's cells; raise unless every tag is closed."""
    return [cell.text or "" for cell in ElementTree.fromstring(f"<p>{html}</p>").iter("td")]


def test_jupyter_shows_a_table() -> None:
    html = names()._repr_html_()
    assert cells(html)[:6] == ["nanna", "-4.50", "", "hanna", "-2.25", ""]
    assert len(cells(html)) == 12
    widths = [int(width) for width in re.findall(r"width:(\d+)px", html)]
    ranks = np.argsort(-names().log_probabilities, kind="stable")
    assert widths[ranks[0]] == 100 == max(widths)  # the likeliest has the longest bar
    assert widths[ranks[-1]] == 10 == min(widths)
    assert [widths[rank] for rank in ranks] == sorted(widths, reverse=True)
    assert "4 of 4 names from 5 candidates" in html


def test_the_table_escapes_what_html_would_take_for_its_own() -> None:
    word = "<b>&\"'"
    html = GeneratedNames([word], [-1.0])._repr_html_()
    assert cells(html)[0] == word
    assert "<b>" not in html


def test_a_long_list_is_shown_in_part() -> None:
    many = GeneratedNames([f"name{i}" for i in range(10_000)], -np.arange(10_000.0))
    html = many._repr_html_()
    assert len(html) < 20_000
    assert "and 9,950 more" in html
    assert cells(html)[0] == "name0"


@pytest.mark.parametrize("nats", [0.0, -np.inf, np.nan])
def test_the_table_is_sound_whatever_the_numbers_are(nats: float) -> None:
    cells(GeneratedNames(["a", "b"], [nats, nats])._repr_html_())
    cells(GeneratedNames(["a", "b"], [nats, -2.0])._repr_html_())
    cells(GeneratedNames()._repr_html_())


def test_the_error_can_be_pickled_with_its_names() -> None:
    error = pickle.loads(pickle.dumps(NamesShortfallError("too few", names())))
    assert str(error) == "too few"
    assert error.names == WORDS
    assert error.names.log_probabilities.tolist() == NATS
