// A network predicts with the bits that it is trained with.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "dinorc/training/prefix_forward.hpp"
#include "made_up_network.hpp"
#include "predictor_registry.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;
constexpr std::size_t hidden_size = 21;

TEST("hidden outputs and log-probabilities are those of training's forward pass, to the bit") {
  for_each_set_and_type([]<typename Real>() {
    for_each_cell_and_embedding<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size) {
      CharacterNetwork<Real> network = made_up_network(cell, vocabulary_size, hidden_size, embedding_size);
      const NameList names = list_of(made_up_names(40, vocabulary_size, 6, 140));
      PrefixTree tree;
      tree.build(names, sorted_order(names));
      TreeShares shares;
      shares.divide(tree, 1);
      ThreadTeam team(1);
      const Interrupted never = never_interrupted;
      WorkerGroup group(team, never);
      Worker worker(group, 0);
      PackedParameters<Real> packed(network.shape());
      packed.pack(network.parameters());
      PrefixForward<Real> forward(cell, network.shape());
      forward.reserve(tree.size());
      CHECK(forward.compute_states(packed, tree, shares, worker));
      forward.compute_log_probabilities(packed, tree, {}, tree.all());

      const NetworkPredictor<Real> predictor(network);
      for (PrefixTree::Node node = 0; node < tree.size(); ++node) {
        const Context context("node ", node);
        Name prefix;
        for (PrefixTree::Node n = node; n != PrefixTree::root; n = tree.parent(n)) {
          prefix.insert(prefix.begin(), tree.character(n));
        }
        AlignedMatrix<Real> hidden(prefix.size() + 1, hidden_size);
        hidden_states(predictor, no_character, CharacterIds(prefix), hidden.view());
        CHECK_SAME_BITS((VectorView<Real>{hidden.view().row(prefix.size()), hidden_size}),
                        (VectorView<const Real>{forward.outputs({}).row(node), hidden_size}));
        const std::vector<double> next = next_character_log_probabilities(predictor, prefix);
        CHECK_SAME_BITS(next[end_of_name], static_cast<double>(forward.end_log_probabilities()[node]));
        const PrefixTree::Range children = tree.children(node);
        for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
          CHECK_SAME_BITS(next[static_cast<std::size_t>(tree.character(child))],
                          static_cast<double>(forward.character_log_probabilities()[child]));
        }
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
        for (const double nats : next_character_log_probabilities(predictor_of(network), Name{1, 2})) {
          CHECK(nats <= 0.0);
        }
      }
    }
  });
}

TEST("what changes in the network afterwards does not change its predictor") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = made_up_network(cell_registry<Real>()[1], vocabulary_size, 11, 3);
    const NetworkPredictor<Real> predictor(network);
    const std::vector<double> before = next_character_log_probabilities(predictor, Name{1, 2});
    const VectorView<Real> all = network.parameters().all();
    std::fill_n(all.data, all.size, Real{1});
    CHECK_SAME_BITS(next_character_log_probabilities(predictor, Name{1, 2}), before);
    CHECK(next_character_log_probabilities(predictor_of(network), Name{1, 2}) != before);
  });
}

}  // namespace
}  // namespace dinorc::check
