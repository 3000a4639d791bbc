"""The oracle of random numbers: Philox4x32-10 and what is made from it, in plain Python integers.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC '11. A stream
belongs to a seed, a purpose and an item: its words are those of the blocks with the key (seed low,
seed high) and the counters (0, item low, item high, purpose), (1, item low, ...), and so on.
"""

from __future__ import annotations

from collections.abc import Iterator

WORD = 2**32

INITIAL_VALUES, VALIDATION_SPLIT, EPOCH_ORDER, DROPOUT, SAMPLING = range(5)  # purposes

Words = tuple[int, ...]


def philox4x32(key: Words, counter: Words) -> Words:
    """Return the four words of a block."""
    k0, k1 = key
    c0, c1, c2, c3 = counter
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, WORD)
        high1, low1 = divmod(0xCD9E8D57 * c2, WORD)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def stream(seed: int, purpose: int, item: int) -> Iterator[int]:
    """Yield the words of a stream."""
    seed_high, seed_low = divmod(seed, WORD)
    item_high, item_low = divmod(item, WORD)
    for block in range(WORD):
        yield from philox4x32((seed_low, seed_high), (block, item_low, item_high, purpose))


def below(bound: int, words: Iterator[int]) -> int:
    """Draw one of 0, ..., bound - 1 without bias, after Lemire (2019)."""
    while True:
        number, remainder = divmod(next(words) * bound, WORD)
        if remainder >= WORD % bound:
            return number


def shuffled_indices(size: int, words: Iterator[int]) -> list[int]:
    """Return 0, ..., size - 1 in random order: Durstenfeld's exchanges, from the end."""
    order = list(range(size))
    for i in range(size - 1, 0, -1):
        other = below(i + 1, words)
        order[i], order[other] = order[other], order[i]
    return order
