"""Converts between a CharRNN's parameters and the notebook's dictionary of five arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dinorc._build_info import build_info
from dinorc._names.vocabulary import END, Vocabulary
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.new_network import new_network
from dinorc._training.settings import Settings
from dinorc._validation import Array, require_finite, require_id, require_mapping
from dinorc.notebook._arrays import Parameters, require_newline

if TYPE_CHECKING:
    from dinorc._estimators.char_rnn import CharRNN

CharacterIds: TypeAlias = dict[str, int]


def require_notebook(
    parameters: object, char_to_ix: Mapping[str, int]
) -> tuple[Parameters, CharacterIds]:
    """Return the five arrays and the ids, if they make up one network."""
    arrays = Parameters.checked(parameters)
    for name, array in arrays.named().items():
        require_finite(name, array)
    require_newline(char_to_ix, arrays)
    ids = {}
    for character in require_mapping("char_to_ix", char_to_ix):
        ids[character] = require_id(char_to_ix, character, arrays.n_x)
        if character != END and character < " ":
            raise ValueError(
                f"char_to_ix has the control character {character!r}; expected printable ones "
                "beside '\\n'"
            )
    if len(ids) < 2:
        raise ValueError("char_to_ix has only '\\n'; expected at least one other character")
    if sorted(ids.values()) != list(range(arrays.n_x)):
        raise ValueError(
            f"char_to_ix has {len(ids)} characters with {len(set(ids.values()))} different ids; "
            f"expected each id from 0 to {arrays.n_x - 1} once"
        )
    return arrays, ids


def model_of_notebook(arrays: Parameters, ids: CharacterIds, settings: Settings) -> TrainedNetwork:
    """Return a model with the notebook's network, which `settings` have to fit."""
    vocabulary = Vocabulary.of(ids)
    network = new_network(settings, vocabulary)
    order = [ids[character] for character in vocabulary.characters]
    parameters = network.parameters
    parameters["input_weights"][:] = arrays.Wax.T[order]
    parameters["recurrent_weights"][:] = arrays.Waa
    parameters["output_weights"][:] = arrays.Wya[order]
    parameters["bias"][:] = arrays.b[:, 0]
    parameters["output_bias"][:] = arrays.by[order, 0]
    return TrainedNetwork(
        predictor=network,
        vocabulary=vocabulary,
        settings=settings,
        seed=0,
        float_contract_version=build_info()["float_contract_version"],
    )


def to_notebook(self: CharRNN) -> tuple[dict[str, Array], CharacterIds]:
    r"""Return the network as the notebook's functions take it.

    Returns
    -------
    parameters : dict of numpy.ndarray
        ``Wax``, ``Waa``, ``Wya``, ``b``, ``by``: copies.
    char_to_ix : dict
        From character to id; ``"\n"`` has 0.

    Raises
    ------
    ValueError
        If the cell is not "rnn", or the network has an embedding: with one, a name begins with
        a learned vector, but in the notebook with zeros.
    NotFittedError
        Before `fit`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(cell="rnn", embedding_size=None, max_epochs=1, validation_fraction=0)
    >>> parameters, char_to_ix = rnn.fit(["anna", "hannah", "nana"]).to_notebook()
    >>> parameters["Wax"].shape, char_to_ix
    ((128, 4), {'\n': 0, 'a': 1, 'h': 2, 'n': 3})
    """
    trained = self._require_trained()
    if trained.settings.cell != "rnn":
        raise ValueError(
            f"the network's cell is {trained.settings.cell!r}; expected 'rnn', the notebook's"
        )
    if trained.settings.embedding_size is not None:
        raise ValueError(
            f"the network's embedding_size is {trained.settings.embedding_size}; expected None, "
            "as in the notebook, where a name begins with the zero vector"
        )
    if trained.labels:
        raise ValueError("the network knows labels; expected one without, as in the notebook")
    parameters = trained.parameters
    arrays = Parameters(
        Wax=parameters["input_weights"].T,
        Waa=parameters["recurrent_weights"],
        Wya=parameters["output_weights"],
        b=parameters["bias"][:, np.newaxis],
        by=parameters["output_bias"][:, np.newaxis],
    )
    copies = {name: np.array(array, order="C") for name, array in arrays._asdict().items()}
    ids = {character: index for index, character in enumerate(trained.vocabulary.characters)}
    return copies, ids
