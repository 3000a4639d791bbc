// A step of many sequences at once has the bits of the tree of their prefixes.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "check.hpp"
#include "dinorc/network/row_step.hpp"
#include "dinorc/training/prefix_forward.hpp"
#include "made_up_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;

TEST("the states of rows are those of the tree, to the bit, whatever the other rows are") {
  for_each_set_and_type([]<typename Real>() {
    for_each_cell_and_embedding<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size) {
      CharacterNetwork<Real> network = made_up_network(cell, vocabulary_size, 21, embedding_size);
      const NetworkShape& shape = network.shape();
      ThreadTeam team(1);
      const Interrupted never = never_interrupted;
      WorkerGroup group(team, never);
      PackedParameters<Real> packed(shape);
      packed.pack(network.parameters(), Worker(group, 0));

      const NameList names = list_of(made_up_names(40, vocabulary_size, 6, 140));
      PrefixTree tree;
      tree.build(names, sorted_order(names));
      PrefixForward<Real> forward(cell, shape);
      forward.reserve(tree.size());
      forward.compute_states(packed, tree);

      RowStep<Real> step(cell, packed, tree.size());
      AlignedMatrix<Real> root(1, shape.state_columns());
      for (std::size_t depth = 0; depth < tree.levels(); ++depth) {
        const PrefixTree::Range level = tree.level(depth);
        AlignedMatrix<Real> before(level.size(), shape.state_columns());
        AlignedMatrix<Real> after(level.size(), shape.state_columns());
        std::vector<CharacterId> characters;
        for (PrefixTree::Node node = level.begin; node < level.end; ++node) {
          const Real* const source =
              depth == 0 ? root.view().data : forward.step(tree, tree.parent(node)).state_after;
          std::copy_n(source, shape.state_columns(), before.view().row(node - level.begin));
          characters.push_back(depth == 0 ? shape.first_input() : tree.character(node));
        }
        step.compute(before.view(), characters, after.view());
        for (PrefixTree::Node node = level.begin; node < level.end; ++node) {
          const Context context("node ", node);
          CHECK_SAME_BITS(
              (VectorView<const Real>{after.view().row(node - level.begin), shape.state_columns()}),
              (VectorView<const Real>{forward.step(tree, node).state_after, shape.state_columns()}));
        }
      }
    });
  });
}

}  // namespace
}  // namespace dinorc::check
