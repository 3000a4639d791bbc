"""Machines for texts that a name begins with, ends with, contains, or must not contain."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from dinorc._drawing.automata.machines import MOST_CELLS, Machine, TooLargeError
from dinorc._validation import Array


def beginning_with(text: str, characters: str) -> Machine:
    """Return a machine of the texts that begin with this one."""
    class_of, number = _classes_of_letters(text, characters)
    length = len(text)
    next_states = np.full((length + 1, len(number) + 1), -1, np.int32)
    next_states[np.arange(length), [number[letter] for letter in text]] = np.arange(1, length + 1)
    next_states[length] = length
    return Machine(next_states, np.arange(length + 1) == length, class_of)


def ending_with(text: str, characters: str) -> Machine:
    """Return a machine of the texts that end with this one."""
    class_of, number = _classes_of_letters(text, characters)
    next_states, ends = _word_search([[number[letter] for letter in text]], len(number) + 1)
    return Machine(next_states, ends, class_of)


def containing(text: str, characters: str) -> Machine:
    """Return a machine of the texts that have this one somewhere."""
    class_of, number = _classes_of_letters(text, characters)
    next_states, ends = _word_search([[number[letter] for letter in text]], len(number) + 1)
    next_states[-1] = len(text)
    return Machine(next_states, ends, class_of)


def without(parts: Iterable[str], characters: str) -> Machine:
    """Return a machine of the texts that, folded, have none of these folded parts."""
    folds = list(map(_folded_letter, characters))
    spellable = set("".join(folds))
    words = [part for part in parts if spellable.issuperset(part)]
    number = {letter: i for i, letter in enumerate(sorted(set("".join(words))), 1)}
    search, ends = _word_search([[number[letter] for letter in w] for w in words], len(number) + 1)
    # Most characters of a large vocabulary are in no part, and all read the same.
    read = [
        (0,) if number.keys().isdisjoint(fold) else tuple(number.get(letter, 0) for letter in fold)
        for fold in folds
    ]
    class_number = {letters: i for i, letters in enumerate(dict.fromkeys(read))}
    # A character that folds to several letters takes as many steps, and none may end a part.
    next_states = np.empty((len(search), len(class_number)), np.int32)
    for letters, column in class_number.items():
        state = np.arange(len(search))
        blocked = np.zeros(len(search), bool)
        for letter in letters:
            state = search[state, letter]
            blocked |= ends[state]
        next_states[:, column] = np.where(blocked, -1, state)
    class_of = np.array([class_number[letters] for letters in read], np.intp)
    return Machine(next_states, np.ones(len(search), bool), class_of)


def folded(text: str) -> str:
    """Return the text without differences of upper and lower case, in Unicode's form NFC.

    It is folded character by character, so that what a name's beginning folds to does not depend
    on what follows. Only a combining character after one that folds to several ("ß" and then an
    accent) makes this differ from the form NFC of the whole folded text.
    """
    normal = unicodedata.normalize("NFC", text)
    if normal.isascii():
        return normal.lower()
    return "".join(map(_folded_letter, normal))


def _folded_letter(letter: str) -> str:
    return unicodedata.normalize("NFC", letter.casefold())


def _classes_of_letters(text: str, characters: str) -> tuple[Array, dict[str, int]]:
    """Return the class of each character, 0 for those not in the text, and the letters' classes."""
    number = {letter: i for i, letter in enumerate(dict.fromkeys(text), 1)}
    return np.array([number.get(character, 0) for character in characters], np.intp), number


def _word_search(words: Sequence[Sequence[int]], letters: int) -> tuple[Array, Array]:
    """Return the automaton that finds words of letters 1 and up; letter 0 is in no word.

    Of Aho & Corasick ("Efficient string matching", 1975), with the failure function worked into
    the table: a state is the longest beginning of a word that ends the text read.

    Returns
    -------
    next_states : ndarray of int32, shape (states, letters)
    ends : ndarray of bool, shape (states,)
        Whether some word ends here.
    """
    children: list[dict[int, int]] = [{}]
    ending = set()
    most = MOST_CELLS // letters
    for word in words:
        state = 0
        for letter in word:
            if letter not in children[state]:
                children[state][letter] = len(children)
                children.append({})
            state = children[state][letter]
        ending.add(state)
        if len(children) > most:
            raise TooLargeError(f"more than {most:,} states")
    next_states = np.zeros((len(children), letters), np.int32)
    ends = np.zeros(len(children), bool)
    ends[list(ending)] = True
    shorter = [0] * len(children)  # the state of the longest proper ending that begins a word
    queue = [0]
    for state in queue:
        if state:
            next_states[state] = next_states[shorter[state]]
            ends[state] |= ends[shorter[state]]
        for letter, child in children[state].items():
            shorter[child] = int(next_states[state, letter])
            next_states[state, letter] = child
            queue.append(child)
    return next_states, ends
