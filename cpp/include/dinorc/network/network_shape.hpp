// The sizes that the arrays of a character network follow from.
#pragma once

#include <cstddef>

#include "dinorc/names/characters.hpp"

namespace dinorc {

struct NetworkShape {
  std::size_t vocabulary_size;  // characters, the end of a name included
  std::size_t hidden_size;      // units of the cell
  std::size_t embedding_size;  // numbers a character is embedded in; 0: none, a direct table of input weights
  std::size_t blocks;          // of the cell, as cells/cell.hpp says:
  std::size_t input_blocks;    // the first so many blocks receive input weights,
  std::size_t recurrent_blocks;  // the last so many recurrent weights
  std::size_t state_vectors;

  // Rows of the input weights: what a character is before them.
  std::size_t input_size() const { return embedding_size == 0 ? vocabulary_size : embedding_size; }

  // What the first step of a name reads. An embedding has a vector for the end of a name that no other step
  // reads: there it stands for the beginning. Without one it is the zero vector, as in the notebook.
  CharacterId first_input() const { return embedding_size == 0 ? no_character : end_of_name; }

  // Numbers in a row of pre-activations, of what the input adds to it, and of what the state adds to it.
  std::size_t cell_columns() const { return blocks * hidden_size; }
  std::size_t input_columns() const { return input_blocks * hidden_size; }
  std::size_t recurrent_columns() const { return recurrent_blocks * hidden_size; }

  // Where in a row of pre-activations those begin that the state adds to.
  std::size_t first_recurrent_column() const { return cell_columns() - recurrent_columns(); }

  // What the recurrent weights take for so many states, each way.
  double recurrent_multiplications(std::size_t rows) const {
    return static_cast<double>(rows) * static_cast<double>(recurrent_columns()) *
           static_cast<double>(hidden_size);
  }

  std::size_t state_columns() const { return state_vectors * hidden_size; }
};

}  // namespace dinorc
