"""The PyTorch side of the sampling benchmark: many names at a time, as a careful user writes it."""

from __future__ import annotations

from typing import NamedTuple

import torch
from pytorch_side import CELLS, END
from torch import Tensor, nn

import dinorc

# Where dinorc's blocks of pre-activations are in PyTorch's order, and its two biases.
_GATES = {"rnn": [0], "lstm": [0, 1, 2, 3], "gru": [1, 2, 0]}


class Way(NamedTuple):
    """One way to sample."""

    batch_size: int
    by_noise: bool  # the character of the largest p / noise, the noise exponential; or multinomial

    def __str__(self) -> str:
        return f"{self.batch_size:,} at a time, {'noise' if self.by_noise else 'multinomial'}"


WAYS = [Way(size, by_noise) for size in (512, 2048, 8192) for by_noise in (True, False)]


class Sampler(nn.Module):
    """The network of a CharRNN with an embedding, to draw names from."""

    def __init__(self, rnn: dinorc.CharRNN) -> None:
        super().__init__()
        weights = {name: torch.from_numpy(array.copy()) for name, array in rnn.parameters_.items()}
        vocabulary_size, hidden_size = weights["output_weights"].shape
        self.embedding = nn.Embedding(vocabulary_size, weights["embedding"].shape[1])
        self.recurrent = CELLS[rnn.cell](weights["embedding"].shape[1], hidden_size)
        self.output = nn.Linear(hidden_size, vocabulary_size)
        with torch.no_grad():
            self.embedding.weight[:] = weights["embedding"]
            self.output.weight.copy_(weights["output_weights"])
            self.output.bias.copy_(weights["output_bias"])
            self._set_recurrent(rnn.cell, weights, hidden_size)

    def _set_recurrent(self, cell: str, weights: dict[str, Tensor], hidden_size: int) -> None:
        order = _GATES[cell]
        inputs = list(weights["input_weights"].T.split(hidden_size))
        recurrent = list(weights["recurrent_weights"].split(hidden_size))
        bias = list(weights["bias"].split(hidden_size))
        second = [torch.zeros(hidden_size) for _ in order]
        if cell == "gru":  # blocks n, r, z and q, which is n's recurrent part
            recurrent = [recurrent[2], recurrent[0], recurrent[1]]
            second[2] = bias[3]
        self.recurrent.weight_ih_l0.copy_(torch.cat([inputs[i] for i in order]))
        self.recurrent.weight_hh_l0.copy_(torch.cat([recurrent[i] for i in order]))
        self.recurrent.bias_ih_l0.copy_(torch.cat([bias[i] for i in order]))
        self.recurrent.bias_hh_l0.copy_(torch.cat(second))

    @torch.inference_mode()
    def log_probabilities(self, ids: list[int]) -> list[float]:
        """Return the log-probability of each character of a name, to compare the networks."""
        inputs = torch.tensor([END, *ids]).unsqueeze(1)
        logits = self.output(self.recurrent(self.embedding(inputs))[0][:, 0])
        targets = torch.tensor([*ids, END]).unsqueeze(1)
        return logits.log_softmax(1).gather(1, targets)[:, 0].tolist()

    @torch.inference_mode()
    def sample(self, count: int, longest: int, way: Way) -> int:
        """Draw names; return their characters, ends included.

        Names that have ended leave the batch. What is drawn stays in PyTorch's tensors: making
        strings of it is not counted.
        """
        characters = 0
        for first in range(0, count, way.batch_size):
            size = min(way.batch_size, count - first)
            names = torch.zeros((size, longest), dtype=torch.long)
            active = torch.arange(size)
            last = torch.full((size,), END)
            state = None
            for length in range(longest):
                output, state = self.recurrent(self.embedding(last).unsqueeze(0), state)
                probabilities = self.output(output[0]).softmax(1)
                if way.by_noise:
                    noise = torch.empty_like(probabilities).exponential_()
                    last = (probabilities / noise).argmax(1)
                else:
                    last = torch.multinomial(probabilities, 1)[:, 0]
                names[active, length] = last
                characters += len(active)
                going_on = last != END
                active, last = active[going_on], last[going_on]
                if len(active) == 0:
                    break
                if isinstance(state, tuple):
                    state = (state[0][:, going_on], state[1][:, going_on])
                else:
                    state = state[:, going_on]
        return characters
