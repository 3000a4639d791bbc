"""What CharRNN makes up: new names."""

from __future__ import annotations

from dinorc._names import LONGEST_NAME
from dinorc._settings import LARGEST_SEED, worker_count
from dinorc._trained_estimator import TrainedEstimator
from dinorc._validation import require_integer
from dinorc._vocabulary import EncodedNames


class GeneratingEstimator(TrainedEstimator):
    """An estimator that makes new names by its trained model."""

    def sample(self, n: int = 1, seed: int | None = None) -> list[str]:
        """Draw names from the distribution that was learned, as they come.

        They may be in the training list, come twice, or be empty; after 1,000 characters a name is
        cut off. The same seed gives the same names, of which a larger `n` only gives more.

        Parameters
        ----------
        n : int
            How many, 0 or more.
        seed : int, optional
            0 to 2**64 - 1; ``seed_``, that of training, if not given.

        Returns
        -------
        list of str
            `n` names.

        Raises
        ------
        TypeError, ValueError
            If an argument is not as described.
        NotFittedError
            Before `fit`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn = rnn.fit(["anna", "hannah", "nana"])
        >>> rnn.sample(3, seed=7) == rnn.sample(5, seed=7)[:3]
        True
        """
        trained = self._require_trained()
        count = require_integer("n", n, 0)
        seed = trained.seed if seed is None else require_integer("seed", seed, 0, LARGEST_SEED)
        workers = worker_count(self._settings().n_jobs)
        drawn = trained.network.sample(count, seed, LONGEST_NAME, workers)
        return trained.vocabulary.decode(EncodedNames(*drawn))
