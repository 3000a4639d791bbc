// Names and character networks for tests, the same in every run and on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cell_run.hpp"
#include "check.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/network/character_network.hpp"
#include "made_up_numbers.hpp"

namespace dinorc::check {

using Name = std::vector<CharacterId>;  // its end included

inline NameList list_of(const std::vector<Name>& names) {
  NameList list;
  for (const Name& name : names) {
    list.characters.insert(list.characters.end(), name.begin(), name.end());
    list.ends.push_back(list.characters.size());
  }
  return list;
}

// Names of up to `longest` characters, their ends apart. Many begin alike, some are the same, and some are
// nothing but an end.
inline std::vector<Name> made_up_names(std::size_t count, std::size_t vocabulary_size, std::size_t longest,
                                       std::uint64_t seed) {
  MadeUpNumbers numbers(seed);
  std::vector<Name> names(count);
  for (Name& name : names) {
    for (std::size_t length = numbers.below(longest + 1); length > 0; --length) {
      const std::size_t last = vocabulary_size - 1;
      const std::size_t letter = numbers.below(2) == 0 ? numbers.below(last) : numbers.below(last) / 2;
      name.push_back(static_cast<CharacterId>(1 + letter));
    }
    name.push_back(end_of_name);
  }
  return names;
}

// The same names, the first with label 0 ahead of it, the next with label 1, and so on, by turns.
inline std::vector<Name> with_labels(std::vector<Name> names, std::size_t vocabulary_size,
                                     std::size_t label_count) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i].insert(names[i].begin(), static_cast<CharacterId>(vocabulary_size + i % label_count));
  }
  return names;
}

// A network all of whose parameters are made up, the biases as well.
template <typename Real>
CharacterNetwork<Real> made_up_network(const CellOperations<Real>& cell, std::size_t vocabulary_size,
                                       std::size_t hidden_size, std::size_t embedding_size,
                                       std::uint64_t seed = 101, std::size_t label_count = 0) {
  CharacterNetwork<Real> network(cell, vocabulary_size, hidden_size, embedding_size, label_count);
  MadeUpNumbers numbers(seed);
  const VectorView<Real> all = network.parameters().all();
  for (std::size_t i = 0; i < all.size; ++i) all[i] = numbers.number<Real>() / Real{2};
  return network;
}

template <typename Real>
std::vector<Real> copy_of(VectorView<Real> numbers) {
  return {numbers.data, numbers.data + numbers.size};
}

// Calls function(cell, embedding_size) for every cell of one float type, with an embedding and without.
template <typename Real, typename Function>
void for_each_cell_and_embedding(Function&& function) {
  for_each_cell<Real>([&](const CellOperations<Real>& cell) {
    for (const std::size_t embedding_size : {0, 3}) {
      const Context context("embedding size ", embedding_size);
      function(cell, embedding_size);
    }
  });
}

inline bool never_interrupted() { return false; }

inline constexpr std::size_t team_sizes[] = {1, 2, 3, 5, 7};

}  // namespace dinorc::check
