// A network over all prefixes of some names: a state for each, and the probabilities of what follows.
#pragma once

#include <cstdint>

#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/names/prefix_tree.hpp"
#include "dinorc/names/tree_shares.hpp"
#include "dinorc/network/packed_parameters.hpp"
#include "dinorc/threads/worker.hpp"

namespace dinorc {

// Which hidden outputs are left out of the output layer, and how much more the others count. It depends on
// (seed, step, node, unit) alone, so that neither threads nor the order of work can matter (Srivastava et
// al., "Dropout: a simple way to prevent neural networks from overfitting", 2014).
//
// Only prefixes of a single name of the tree are thinned out. A prefix of many names would have one mask for
// all of them, whose noise would not average out, and it is the last to be overfitted.
struct OutputDropout {
  double rate = 0.0;  // from 0, which leaves nothing out, to below 1
  std::uint64_t seed = 0;
  std::uint32_t step = 0;

  bool is_active() const { return rate > 0.0; }
  bool concerns(const PrefixTree& tree, PrefixTree::Node node) const {
    return is_active() && tree.names_through(node) == 1;
  }

  // y = x with some units left out, for a node; the same units each time.
  template <typename Real>
  void apply(PrefixTree::Node node, VectorView<const Real> x, Real* y) const;
};

// The rows of matrices are the nodes of a tree, or its inner nodes: what siblings have in common, the product
// of their parent's hidden output with the recurrent weights, is computed once for the parent.
template <typename Real>
class PrefixForward {
 public:
  PrefixForward(const CellOperations<Real>& cell, const NetworkShape& shape);

  // Makes room for this many nodes.
  void reserve(std::size_t nodes);

  // Computes the states of all nodes. To be called by all workers, who meet in between and at the end; false:
  // abandoned.
  [[nodiscard]] bool compute_states(const PackedParameters<Real>& parameters, const PrefixTree& tree,
                                    const TreeShares& shares, Worker& worker) noexcept;

  // Then, for this worker's nodes: exponentials of the logits, their sums, and log-probabilities.
  void compute_log_probabilities(const PackedParameters<Real>& parameters, const PrefixTree& tree,
                                 const OutputDropout& dropout, PrefixTree::Range nodes) noexcept;

  // Nats, for every node: of the character that leads to it, given its parent; and of the end, given the
  // node.
  const Real* character_log_probabilities() const { return character_log_probabilities_.data(); }
  const Real* end_log_probabilities() const { return end_log_probabilities_.data(); }

  // What the backward pass needs.
  CellStep<Real> step(const PrefixTree& tree, PrefixTree::Node node);
  MatrixView<const Real> inner_hidden() const { return inner_hidden_.view(); }
  MatrixView<const Real> outputs(const OutputDropout& dropout) const;  // as the output layer saw them
  const Real* sums() const { return sums_.data(); }

  // What the backward pass overwrites: exponentials of the logits by d_logits, and products R h by d(R h).
  MatrixView<Real> exponentials_to_d_logits() { return exponentials_.view(); }
  MatrixView<Real> products_to_d_products() { return products_.view(); }

 private:
  void compute_root_state(const PackedParameters<Real>& parameters, const PrefixTree& tree) noexcept;

  // Computes the states of the children of neighbouring inner nodes, whose own states are there.
  void compute_states_below(const PackedParameters<Real>& parameters, const PrefixTree& tree,
                            PrefixTree::Range inner) noexcept;

  const CellOperations<Real>& cell_;
  NetworkShape shape_;
  std::size_t capacity_ = 0;
  AlignedMatrix<Real> zeros_;         // [1][the longer of the two], the state and the R h before the root
  AlignedMatrix<Real> blocks_;        // [nodes][blocks * hidden_size]
  AlignedMatrix<Real> kept_;          // [nodes][kept_vectors * hidden_size]
  AlignedMatrix<Real> states_;        // [nodes][state_vectors * hidden_size]
  AlignedMatrix<Real> inner_hidden_;  // [inner nodes][hidden_size], their hidden outputs side by side
  AlignedMatrix<Real> products_;      // [inner nodes][recurrent_blocks * hidden_size], R h
  AlignedMatrix<Real> dropped_out_;   // [nodes][hidden_size]
  AlignedMatrix<Real> exponentials_;  // [nodes][vocabulary_size], exp(logit - largest)
  AlignedBuffer<Real> sums_;          // [nodes], of a row of exponentials
  AlignedBuffer<Real> character_log_probabilities_;  // [nodes]
  AlignedBuffer<Real> end_log_probabilities_;        // [nodes]
};

}  // namespace dinorc
