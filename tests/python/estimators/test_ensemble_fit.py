"""What Ensemble learns: its members as they learn alone, and weights that held-out names choose."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, Ensemble, NGram, _core, datasets
from dinorc._estimators.base_models import BASES
from dinorc._estimators.ensemble_recipe import RECIPES, default_members, recipe_for
from dinorc._training import side_by_side
from dinorc._training.data import Lists, folds, prepare, whole
from dinorc._training.new_network import new_network
from dinorc._training.progress import ProgressBar
from dinorc._training.run import TrainingRun
from helpers import Array
from model_files import ctrl_c_after
from small_models import NAMES, small, small_ensemble, small_members, without_seconds


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    """Return an ensemble whose members had 20 names held out."""
    return small_ensemble(validation_fraction=0.1, random_state=5).fit(NAMES)


def alone(place: int, model: CharRNN, fraction: float, names: list[str], **lists: Any) -> CharRNN:
    """Return the member at this place of an ensemble with the seed 5, trained by itself."""
    # The names held out are those of the seed of the ensemble, so they are given here.
    model.set_params(random_state=5 + place, validation_fraction=fraction)
    return model.fit(names, **lists)


def split(fraction: float) -> tuple[list[str], list[str]]:
    """Return the names that an ensemble with the seed 5 trains on, and those it holds out."""
    data = prepare(Lists(NAMES), fraction, 5)
    assert data.validation is not None
    decode = data.vocabulary.decode
    return decode(data.training.names), decode(data.validation.names)


def probabilities(models: list[Any], prefix: str) -> Array:
    """Return what each makes of the next character: [models][characters]."""
    return np.exp([model.next_char_log_probabilities(prefix) for model in models])


def mixture_loss(models: list[Any], weights: Any, names: list[str]) -> float:
    """Return nats per character of the mixture, computed here."""
    chars = [np.concatenate([model.score_chars(name) for name in names]) for model in models]
    mixed = np.asarray(weights, float) @ np.exp(chars)
    return float(-np.log(mixed).mean())


def expected_weights(probabilities: Array) -> Array:
    """Return the weights by expectation-maximisation, with the prior of the recipe."""
    prior = np.full(len(probabilities), 1 / len(probabilities))
    strength = recipe_for(len(NAMES)).prior_characters
    weights = prior
    for _ in range(20_000):
        shares = weights[:, None] * probabilities
        weights = (shares / shares.sum(0)).sum(1) + strength * prior
        weights /= weights.sum()
    return weights


def test_the_probabilities_are_the_weighted_mean_of_the_members(ensemble: Ensemble) -> None:
    members, weights = ensemble.members_, ensemble.weights_
    assert weights.sum() == pytest.approx(1)
    for prefix in ("", "a", "tyranno"):
        mixed = weights @ probabilities(members, prefix)
        following = ensemble.next_char_log_probabilities(prefix)
        np.testing.assert_allclose(np.exp(following), mixed, rtol=1e-6)
        assert np.exp(following).sum() == pytest.approx(1, abs=1e-14)
    name = "rexosaurus"
    per_character = ensemble.score_chars(name)
    assert ensemble.score_samples([name])[0] == pytest.approx(per_character.sum(), abs=1e-12)
    assert -per_character.mean() == pytest.approx(mixture_loss(members, weights, [name]), abs=1e-6)


def test_each_member_is_what_it_would_be_alone(ensemble: Ensemble) -> None:
    training, held_out = split(0.1)
    for place, model in enumerate(small_members()):
        lone = alone(place, model, 0.1, training, validation=held_out)
        member = ensemble.members_[place]
        assert isinstance(member, CharRNN)
        assert member.seed_ == 5 + place
        for name, array in lone.parameters_.items():
            assert member.parameters_[name].tobytes() == array.tobytes()
        assert member.best_epoch_ == lone.best_epoch_
        assert member.settings_ == lone.settings_
        assert member.training_names_ == tuple(sorted(NAMES))


def test_the_weights_make_the_held_out_names_likeliest(ensemble: Ensemble) -> None:
    _, held_out = split(0.1)
    members, weights = ensemble.members_, ensemble.weights_
    assert ensemble.held_out_loss_ == pytest.approx(mixture_loss(members, weights, held_out))

    chars = np.exp([np.concatenate([m.score_chars(n) for n in held_out]) for m in members])
    np.testing.assert_allclose(weights, expected_weights(chars), atol=1e-3)


def test_without_held_out_names_the_weights_come_from_cross_fitting() -> None:
    members = small_members()[:2]
    ensemble = small_ensemble(members=members, random_state=5, validation_fraction=0).fit(NAMES)
    for place, member in enumerate(ensemble.members_):
        lone = alone(place, copy.copy(members[place]), 0, NAMES)
        assert member.fingerprint() == lone.fingerprint()  # all names were learned

    data = prepare(Lists(NAMES), 0, 5)
    scores = []
    for part in folds(data, recipe_for(len(NAMES)).folds, 5):
        networks = []
        for member in ensemble.members_:
            settings = member._settings()
            network = new_network(settings, data.vocabulary)
            TrainingRun(network, replace(part, validation=None), settings, member.seed_).run()
            networks.append(network)
        assert part.validation is not None
        characters, ends = part.validation.names
        names = np.split(characters, ends)[:-1]
        scores += [[network.score_characters(name, 0.0) for network in networks] for name in names]
    chars = np.concatenate(scores, axis=1)
    assert ensemble.held_out_loss_ == pytest.approx(
        -np.log(ensemble.weights_ @ np.exp(chars)).mean()
    )
    expected = expected_weights(np.exp(chars))
    np.testing.assert_allclose(ensemble.weights_, expected, atol=1e-3)


def test_folds_hold_out_each_name_once_with_its_copies() -> None:
    names = [*NAMES[:10], *NAMES[:4], NAMES[0]]
    data = prepare(Lists(names), 0, 1)
    parts = list(folds(data, 3, 1))
    held_out: list[str] = []
    for part in parts:
        assert part.validation is not None
        assert part.vocabulary is data.vocabulary
        mine = part.vocabulary.decode(part.validation.names)
        rest = part.vocabulary.decode(part.training.names)
        assert not set(mine) & set(rest)
        assert sorted(mine + rest) == sorted(names)
        held_out += mine
    assert sorted(held_out) == sorted(names)
    assert len(list(folds(data, 100, 1))) == 10
    assert not list(folds(prepare(Lists(["anna"]), 0, 1), 3, 1))


def test_the_whole_list_is_training_and_validation_together() -> None:
    data = prepare(Lists(NAMES), 0.2, 1)
    together = whole(data)
    assert together.validation is None
    assert sorted(data.vocabulary.decode(together.training.names)) == sorted(NAMES)
    assert whole(together) is together


def test_weights_can_be_given_and_only_their_proportions_matter() -> None:
    by_hand = [
        small_ensemble(weights=given).fit(NAMES) for given in ([1, 2, 1], np.array([2, 4, 2.0]))
    ]
    for each in by_hand:
        assert each.weights_.tolist() == [0.25, 0.5, 0.25]
        assert each.held_out_loss_ is None
    assert by_hand[0].fingerprint() == by_hand[1].fingerprint()
    alone_counts = small_ensemble(weights=[0, 1e300, 0]).fit(NAMES)
    only = alone_counts.members_[1]
    np.testing.assert_allclose(
        alone_counts.score_samples(NAMES), only.score_samples(NAMES), atol=1e-5
    )


def test_the_caller_can_give_validation_names() -> None:
    training, validation = NAMES[20:], NAMES[:20]
    ensemble = small_ensemble().fit(training, validation=validation)
    assert ensemble.held_out_loss_ == pytest.approx(
        mixture_loss(ensemble.members_, ensemble.weights_, validation)
    )
    assert all(loss is not None for loss in ensemble.history_["validation_loss"])
    assert small_ensemble().fit(training[::-1], validation=validation[::-1]).fingerprint() == (
        ensemble.fingerprint()
    )


def test_n_grams_learn_the_names_held_out_once_the_weights_are_known() -> None:
    members = [small(), NGram(order=3)]
    ensemble = small_ensemble(members=members, validation_fraction=0.1, random_state=5).fit(NAMES)
    training, held_out = split(0.1)
    in_the_end = NGram(order=3, random_state=6).fit(NAMES)
    assert ensemble.members_[1].fingerprint() == in_the_end.fingerprint()
    # The weights are by what it knew without them.
    then = NGram(order=3, random_state=6).fit(training)
    assert then.vocabulary_ == ensemble.vocabulary_
    loss = mixture_loss([ensemble.members_[0], then], ensemble.weights_, held_out)
    assert ensemble.held_out_loss_ == pytest.approx(loss)


def test_trained_members_stay_as_they_are() -> None:
    trained = small(validation_fraction=0).fit(NAMES)
    before = trained.fingerprint()
    ensemble = small_ensemble(members=[trained, small(hidden_size=3)]).fit(NAMES)
    assert ensemble.members_[0].fingerprint() == trained.fingerprint() == before
    assert set(ensemble.history_["member"]) == {0, 1}
    again = Ensemble.of(ensemble.members_, ensemble.weights_)
    score = ensemble.score(NAMES)
    assert again.score(NAMES) == score
    assert again.training_names_ == ()
    trained.parameters_["output_bias"][:] = 0  # it is shared, so that this counts at once
    assert again.score(NAMES) == ensemble.score(NAMES) != score


@pytest.mark.parametrize("fraction", [0, 0.1])
def test_networks_may_start_from_a_base(fraction: float) -> None:
    base = small(validation_fraction=0, max_epochs=4).fit(["anna", "zoë", *NAMES])
    members = [small(base=base, max_epochs=1), NGram()]
    ensemble = small_ensemble(members=members, validation_fraction=fraction).fit(NAMES)
    without = small_ensemble(members=[small(max_epochs=1), NGram()], validation_fraction=fraction)
    assert ensemble.members_[0].score(NAMES) > without.fit(NAMES).members_[0].score(NAMES)
    assert ensemble.members_[0].settings_["base"] == base.fingerprint()  # type: ignore[attr-defined]
    with ctrl_c_after(5):
        half = small_ensemble(members=members, validation_fraction=fraction).fit(NAMES)
    assert half.resume(NAMES).fingerprint() == ensemble.fingerprint()


def bases_of_networks(ensemble: Ensemble) -> set[object]:
    return {member.settings_.get("base") for member in ensemble.members_[:-1]}  # type: ignore[attr-defined]


def test_the_default_members_start_from_a_base_whose_letters_the_list_has() -> None:
    names = NAMES[:30]
    ensemble = Ensemble(unknown="rare", verbose=False).fit(names)
    bases = bases_of_networks(ensemble)
    assert len(bases) == 2 and None not in bases
    asked_for = Ensemble(base="latin", unknown="rare", verbose=False).fit(names)
    assert len(bases_of_networks(asked_for)) == 1
    assert bases_of_networks(asked_for) < bases
    without = Ensemble(base=None, unknown="rare", verbose=False).fit(names)
    assert bases_of_networks(without) == {None}
    assert ensemble.score(NAMES[30:]) > without.score(NAMES[30:])


def test_a_list_in_another_script_starts_from_random_weights() -> None:
    names = ["Άννα", "Ελένη", "Μαρία", "Νίκος", "Σοφία"]
    assert bases_of_networks(Ensemble(verbose=False).fit(names)) == {None}
    mixed = [*names, "anna", "maria"]
    assert bases_of_networks(Ensemble(verbose=False).fit(mixed)) == {None}
    mostly_latin = [*NAMES[:30], "Νίκος"]
    assert bases_of_networks(Ensemble(verbose=False).fit(mostly_latin)) != {None}


@pytest.mark.parametrize("threads", [2, 3, 7])
@pytest.mark.parametrize("fraction", [0, 0.2])
def test_threads_change_no_bit(threads: int, fraction: float) -> None:
    one = small_ensemble(n_jobs=1, validation_fraction=fraction).fit(NAMES)
    many = small_ensemble(n_jobs=threads, validation_fraction=fraction).fit(NAMES)
    assert many.fingerprint() == one.fingerprint()
    assert many.weights_.tobytes() == one.weights_.tobytes()
    assert many.held_out_loss_ == one.held_out_loss_
    assert without_seconds(many) == without_seconds(one)
    assert many.sample(50) == one.sample(50)
    assert many.score_samples(NAMES).tobytes() == one.score_samples(NAMES).tobytes()


def test_the_seed_makes_the_members() -> None:
    same = [small_ensemble(members=[small(), small()], random_state=3).fit(NAMES) for _ in range(2)]
    assert same[0].fingerprint() == same[1].fingerprint()
    one, two = same[0].members_
    assert one.fingerprint() != two.fingerprint()
    other = small_ensemble(members=[small(), small()], random_state=4).fit(NAMES)
    assert other.members_[0].seed_ == same[0].members_[1].seed_ == 4
    drawn = small_ensemble(random_state=None).fit(NAMES)
    assert small_ensemble(random_state=drawn.seed_).fit(NAMES).fingerprint() == drawn.fingerprint()


def test_all_that_names_can_be_asked_for(ensemble: Ensemble) -> None:
    assert len(ensemble.sample(5)) == 5
    assert all(name.startswith("tri") for name in ensemble.generate(5, prefix="tri"))
    best = ensemble.most_likely(3)
    scores = ensemble.score_samples(best)
    assert sorted(scores, reverse=True) == scores.tolist()
    judge = copy.copy(ensemble).calibrate(datasets.load("dinos")[1::14])
    assert judge.predict(["xqzzqvxxz"]).tolist() == [-1]
    assert ensemble.training_names_ == tuple(sorted(NAMES))
    assert ensemble.names_report_ is not None
    assert ensemble.perplexity(NAMES) < len(ensemble.vocabulary_)


@pytest.mark.parametrize(
    "names", [["rex"], ["aaaa", "aa", "aaa"], ["nana"] * 30, ["a"], ["a", "b"]]
)
def test_the_shortest_lists(names: list[str]) -> None:
    ensemble = small_ensemble().fit(names)
    assert ensemble.weights_.sum() == pytest.approx(1)
    assert np.isfinite(ensemble.score_samples(names)).all()
    assert len(ensemble.sample(3)) == 3


def test_the_history_has_the_epochs_of_each_network(ensemble: Ensemble) -> None:
    history = ensemble.history_
    assert history["member"] == [0] * 3 + [1] * 4 + [2] * 3
    assert history["epoch"] == [1, 2, 3, 1, 2, 3, 4, 1, 2, 3]
    own = ensemble.members_[1].history_  # type: ignore[attr-defined]
    assert history["training_loss"][3:7] == own["training_loss"]


@pytest.mark.parametrize("names", [1, 100, 400, 1_000, 5_000, 30_000, 1_000_000])
def test_there_are_default_members_for_every_list(names: int) -> None:
    recipe = recipe_for(names)
    assert recipe in RECIPES
    assert names <= recipe.most_names
    assert len(default_members(recipe)) > 1
    assert 0 < recipe.network_weight <= 1


@pytest.mark.parametrize("names", [1, 100, 101, 500, 501, 2_000])
def test_up_to_2000_names_two_networks_stay_near_their_bases_and_two_go_far(names: int) -> None:
    *networks, counts = (model.get_params() for model in default_members(recipe_for(names), BASES))
    assert "order" in counts
    assert [network["base"] for network in networks] == [*BASES, *BASES]
    near, also_near, far, also_far = (network | {"base": None} for network in networks)
    assert (near, far) == (also_near, also_far)
    for setting in ("learning_rate", "max_epochs"):
        assert near[setting] < far[setting]


@pytest.mark.parametrize(("names", "networks"), [(2_001, 4), (10_000, 4), (10_001, 2)])
def test_for_more_names_networks_learn_as_they_do_alone(names: int, networks: int) -> None:
    members = default_members(recipe_for(names), BASES)
    expected = [CharRNN(base=BASES[i % 2]) for i in range(networks)]
    assert list(map(repr, members)) == list(map(repr, [*expected, NGram()]))


def test_where_no_base_knows_the_letters_networks_learn_as_they_do_alone() -> None:
    names = ["Αθήνα", "Πάτρα", "Λάρισα", "Βόλος", "Χανιά", "Ρόδος", "Κως", "Νάξος"]
    ensemble = Ensemble(random_state=5, verbose=False).fit(names)
    *networks, _ = ensemble.members_
    assert len(networks) == 4
    for place, network in enumerate(networks):
        expected = alone(place, CharRNN(verbose=False), 0, names)
        assert network.fingerprint() == expected.fingerprint()


def test_a_training_that_takes_no_longer_than_a_glance_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[int] = []
    monkeypatch.setattr(side_by_side, "_GLANCE", 60.0)
    monkeypatch.setattr(ProgressBar, "show", lambda _, what, seen, losses: shown.append(seen))
    network = CharRNN(hidden_size=4, embedding_size=2, max_epochs=2, base=None)
    Ensemble(members=[network, network, NGram()], weights=[1, 1, 1], n_jobs=2).fit(NAMES[:30])
    assert shown and shown[-1] > 0


def test_the_defaults_beat_their_best_member() -> None:
    names = datasets.load("dinos")
    held_out, training = names[::8], [name for i, name in enumerate(names) if i % 8]
    ensemble = Ensemble(verbose=False).fit(training)
    best = max(member.score(held_out) for member in ensemble.members_)
    assert ensemble.score(held_out) > best


def test_the_core_refuses_what_it_cannot_mix() -> None:
    one, two = small(validation_fraction=0).fit(NAMES), small(validation_fraction=0).fit(["ab"])
    mixed = one._trained.predictor, two._trained.predictor  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="members have vocabularies of"):
        _core.Ensemble(list(mixed), np.array([0.5, 0.5]))
    for weights in ([0.5], [0.5, 0.6], [-0.5, 1.5], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="weights must be 2 numbers of 0 or more"):
            _core.Ensemble([mixed[0]] * 2, np.array(weights))
    with pytest.raises(ValueError, match="members is empty"):
        _core.Ensemble([], np.array([1.0]))
    with pytest.raises(TypeError, match="a member is of type int"):
        _core.Ensemble([1], np.array([1.0]))
