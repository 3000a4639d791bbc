"""A cliff in the loss of a real network, and gradient descent that reaches its edge.

The network is the notebook's with one hidden unit, trained on the dinosaurs. All its parameters
stay fixed except two, the recurrent weight w and the bias b of

    a_t = tanh(Wax x_t + w a_{t-1} + b).

By the chain rule the loss of step t reaches back to a_s through the factors

    d a_t / d a_s = prod_{k=s+1..t} w (1 - a_k²).

Where |w| (1 - a²) > 1 along the way, the product grows with every step, and a slightly larger b
makes the unit end up at +1 instead of -1: the loss falls from one plateau to another within a
hair's breadth. This is Figure 6 of Pascanu, Mikolov and Bengio, "On the difficulty of training
recurrent neural networks" (2013), with a network's loss on a name in place of their made-up one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dinorc import datasets
from dinorc._validation import Array
from dinorc.notebook import clip, model, rnn_backward, rnn_forward, update_parameters

NAME = "micropachycephalosaurus"  # the longest name of the list
LEARNING_RATE = 0.05
MAX_VALUE = 5  # the bound at which the notebook clips
START = (2.5, 2.0)  # w and b
STEPS = 80


@dataclass(frozen=True)
class Cliff:
    """The loss of one name as a function of w and b."""

    parameters: dict[str, Array]
    inputs: list[int | None]
    targets: list[int]

    @classmethod
    def of_the_dinosaurs(cls) -> Cliff:
        """Train the network; it takes a moment."""
        names = datasets.load("dinos")
        characters = sorted({"\n"}.union(*names))
        char_to_ix = {character: index for index, character in enumerate(characters)}
        parameters = model(
            names,
            dict(enumerate(characters)),
            char_to_ix,
            num_iterations=20000,
            n_a=1,
            vocab_size=len(characters),
            verbose=False,
        )
        targets = [char_to_ix[character] for character in NAME + "\n"]
        return cls(parameters, [None, *targets[:-1]], targets)

    def at(self, w: float, b: float) -> dict[str, Array]:
        """Return the parameters with these values of w and b."""
        return {**self.parameters, "Waa": np.array([[w]]), "b": np.array([[b]])}

    def loss(self, w: float, b: float) -> float:
        """Return the loss in nats per character."""
        nats, _ = rnn_forward(self.inputs, self.targets, np.zeros((1, 1)), self.at(w, b))
        return nats / len(self.targets)

    def surface(self, ws: Array, bs: Array) -> Array:
        """Return the losses [bs][ws] on a grid."""
        return np.array([[self.loss(w, b) for w in ws] for b in bs])

    def descend(self, max_value: float | None) -> Array:
        """Return the path [STEPS + 1][w, b] of gradient descent from START.

        The gradients are clipped at `max_value`, or not if it is None.
        """
        parameters = self.at(*START)
        path = [START]
        for _ in range(STEPS):
            _, cache = rnn_forward(self.inputs, self.targets, np.zeros((1, 1)), parameters)
            found, _ = rnn_backward(self.inputs, self.targets, parameters, cache)
            # Only w and b move.
            gradients = {name: np.zeros_like(found[name]) for name in ("dWax", "dWya", "dby")}
            gradients |= {name: found[name] for name in ("dWaa", "db")}
            if max_value is not None:
                clip(gradients, max_value)
            update_parameters(parameters, gradients, LEARNING_RATE)
            path.append((parameters["Waa"].item(), parameters["b"].item()))
        return np.array(path)
