"""The PyTorch side of the benchmarks: the same network, as a careful user of PyTorch writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_sequence

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}

# The end of a name has id 0, and stands at the input ahead of the first character as well.
END = 0
NOT_A_TARGET = -100


class Batch(NamedTuple):
    """Some names, as ids, one time step after the other."""

    inputs: Tensor | PackedSequence  # [time][names], END where a name is over; or without these
    targets: Tensor  # [time * names], NOT_A_TARGET where a name is over; or [characters]


class Network(nn.Module):
    """Embedding, recurrent cell, dropout, output layer."""

    def __init__(
        self,
        cell: str,
        vocabulary_size: int,
        hidden_size: int,
        embedding_size: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, embedding_size)
        self.recurrent = CELLS[cell](embedding_size, hidden_size)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden_size, vocabulary_size)

    def loss(self, batch: Batch, reduction: str = "mean") -> Tensor:
        """Return the nats of the batch: per character on average, or all together as "sum"."""
        if isinstance(batch.inputs, PackedSequence):
            embedded = PackedSequence(self.embedding(batch.inputs.data), batch.inputs.batch_sizes)
            hidden = self.recurrent(embedded)[0].data  # [characters][hidden_size]
        else:
            hidden = self.recurrent(self.embedding(batch.inputs))[0].flatten(0, 1)
        logits = self.output(self.dropout(hidden))
        return cross_entropy(logits, batch.targets, ignore_index=NOT_A_TARGET, reduction=reduction)


class Names:
    """Names as ids, their ends included, to be had in batches."""

    def __init__(self, names: Sequence[Sequence[int]]) -> None:
        self.lengths = torch.tensor([len(name) for name in names])
        ids = [torch.tensor(name) for name in names]
        # [time of the longest][names], both
        self.targets = pad_sequence(ids, padding_value=NOT_A_TARGET)
        self.inputs = pad_sequence(ids, padding_value=END).roll(1, dims=0)
        self.inputs[0] = END

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, indices: Tensor, packed: bool) -> Batch:
        """Return some names, padded to the longest of them, or as a PackedSequence."""
        lengths = self.lengths[indices]
        longest = int(lengths.max())
        inputs, targets = self.inputs[:longest, indices], self.targets[:longest, indices]
        if not packed:
            return Batch(inputs, targets.flatten())
        return Batch(
            pack_padded_sequence(inputs, lengths, enforce_sorted=False),
            pack_padded_sequence(targets, lengths, enforce_sorted=False).data,
        )
