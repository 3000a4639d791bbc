// What may follow a prefix: the same bits as the scorer gives, a prefix at a time or many.
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/predictors/next_characters.hpp"
#include "dinorc/predictors/prefix_inspection.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "dinorc/training/prefix_forward.hpp"
#include "made_up_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;
constexpr std::size_t hidden_size = 11;

std::vector<Name> usual_prefixes() {
  std::vector<Name> prefixes = made_up_names(40, vocabulary_size, 9, 201);
  for (Name& prefix : prefixes) prefix.pop_back();
  prefixes.push_back({});
  return prefixes;
}

template <typename Real, typename Function>
void for_each_network(Function&& function) {
  for_each_cell_and_embedding<Real>([&](const CellOperations<Real>& cell, std::size_t embedding_size) {
    CharacterNetwork<Real> network = made_up_network(cell, vocabulary_size, hidden_size, embedding_size);
    function(network);
  });
}

TEST("what may follow has the bits of the scorer, and sums to one") {
  for_each_set_and_type([]<typename Real>() {
    for_each_network<Real>([](CharacterNetwork<Real>& network) {
      for (const Name& prefix : usual_prefixes()) {
        const std::vector<double> next = next_character_log_probabilities(network, prefix);
        CHECK_EQUAL(next.size(), vocabulary_size);
        double sum = 0.0;
        for (std::size_t character = 0; character < vocabulary_size; ++character) {
          Name name = prefix;
          name.push_back(static_cast<CharacterId>(character));
          if (character != end_of_name) name.push_back(end_of_name);
          CHECK_SAME_BITS(next[character], score_characters(network, name, -9.0)[prefix.size()]);
          sum += std::exp(next[character]);
        }
        CHECK_NEAR(sum, 1.0, sizeof(Real) == 8 ? 1e-14 : 1e-6);
      }
    });
  });
}

// The search for the most probable names relies on it.
TEST("no log-probability is above zero, however sure the network is") {
  for_each_set_and_type([]<typename Real>() {
    for (const Real scale : {Real(1e-30), Real(1e-3), Real(1), Real(20), Real(1e4), Real(1e30)}) {
      for (std::uint64_t seed = 301; seed < 331; ++seed) {
        CharacterNetwork<Real> network = made_up_network(cell_registry<Real>()[2], 20, 5, 0, seed);
        const VectorView<Real> bias = network.parameters().output_bias();
        for (std::size_t i = 0; i < bias.size; ++i) bias[i] = bias[i] * scale;
        for (const double nats : next_character_log_probabilities(network, Name{1, 2})) CHECK(nats <= 0.0);
      }
    }
  });
}

TEST("the hidden outputs are those of the tree of prefixes") {
  for_each_set_and_type([]<typename Real>() {
    for_each_network<Real>([](CharacterNetwork<Real>& network) {
      for (const Name& prefix : usual_prefixes()) {
        AlignedMatrix<Real> states(prefix.size() + 1, hidden_size);
        hidden_states(network, CharacterIds(prefix), states.view());

        Name name = prefix;
        name.push_back(end_of_name);
        const std::uint32_t order[] = {0};
        PrefixTree tree;
        tree.build(list_of({name}), order);
        ThreadTeam team(1);
        const Interrupted never = never_interrupted;
        WorkerGroup group(team, never);
        PackedParameters<Real> packed(network.shape());
        packed.pack(network.parameters(), Worker(group, 0));
        PrefixForward<Real> forward(network.cell(), network.shape());
        forward.reserve(tree.size());
        forward.compute_states(packed, tree);
        for (std::size_t row = 0; row < states.view().rows; ++row) {
          CHECK_SAME_BITS((VectorView<Real>{states.view().row(row), hidden_size}),
                          (VectorView<const Real>{forward.outputs({}).row(row), hidden_size}));
        }
      }
    });
  });
}

TEST("a row depends on no other row") {
  for_each_set_and_type([]<typename Real>() {
    for_each_network<Real>([](CharacterNetwork<Real>& network) {
      const std::vector<Name> prefixes = usual_prefixes();
      const std::size_t rows = prefixes.size();
      NextCharacters<Real> alone(network, 1);
      NextCharacters<Real> together(network, rows);
      std::vector<CharacterId> characters;
      for (std::size_t row = 0; row < rows; ++row) {
        alone.read_prefix(prefixes[row]);
        std::copy_n(alone.states().row(0), alone.states().row_stride, together.states_before().row(row));
        characters.push_back(static_cast<CharacterId>(1 + row % (vocabulary_size - 1)));
      }
      together.read(characters);
      together.predict(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        Name longer = prefixes[row];
        longer.push_back(characters[row]);
        const Real* const nats = together.log_probabilities(row);
        CHECK_SAME_BITS(std::vector<double>(nats, nats + vocabulary_size),
                        next_character_log_probabilities(network, longer));
      }
    });
  });
}

}  // namespace
}  // namespace dinorc::check
