// The sizes that determine the arrays of a character network.
#pragma once

#include <cstddef>

#include "dinorc/names/characters.hpp"

namespace dinorc {

struct NetworkShape {
  std::size_t vocabulary_size;   // characters, the end of a name included
  std::size_t label_count;       // kinds of names; 0: names have no labels
  std::size_t hidden_size;       // units of the cell
  std::size_t embedding_size;    // numbers per embedded character; 0: none, a direct table of input weights
  std::size_t blocks;            // of the cell, as cells/cell.hpp says:
  std::size_t input_blocks;      // how many of them, from the first, receive input weights,
  std::size_t recurrent_blocks;  // and how many, up to the last, recurrent weights
  std::size_t state_vectors;

  // What can be read: characters, and then labels. A label is read ahead of its name, and never predicted.
  std::size_t symbol_count() const { return vocabulary_size + label_count; }

  // Rows of the input weights: one per number of the embedding, or without one per symbol.
  std::size_t input_size() const { return embedding_size == 0 ? symbol_count() : embedding_size; }

  // What the first step of a name without a label reads: the embedding of the end of a name, which no other
  // step reads, so that it stands for the beginning; or, without an embedding, the zero vector, as in the
  // notebook. Where names have labels, the first step reads the label instead.
  CharacterId first_input() const { return embedding_size == 0 ? no_character : end_of_name; }

  // Numbers in a row of pre-activations, of what the input adds to it, and of what the state adds to it.
  std::size_t cell_columns() const { return blocks * hidden_size; }
  std::size_t input_columns() const { return input_blocks * hidden_size; }
  std::size_t recurrent_columns() const { return recurrent_blocks * hidden_size; }

  // The index, in a row of pre-activations, of the first one that the state adds to.
  std::size_t first_recurrent_column() const { return cell_columns() - recurrent_columns(); }

  // How many multiplications the recurrent weights take for this many states, forward or backward.
  double recurrent_multiplications(std::size_t rows) const {
    return static_cast<double>(rows) * static_cast<double>(recurrent_columns()) *
           static_cast<double>(hidden_size);
  }

  std::size_t state_columns() const { return state_vectors * hidden_size; }
};

}  // namespace dinorc
