// The backward pass over all prefixes of some names: the gradients of all parameters.
#pragma once

#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/matrices/outer_products.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
#include "dinorc/training/prefix_forward.hpp"

namespace dinorc {

// What the backward pass of a batch works on, after PrefixForward has gone over the same tree. It overwrites
// the exponentials of the logits and the recurrent products that PrefixForward kept.
template <typename Real>
struct BackwardTask {
  const PrefixTree& tree;
  const TreeShares& shares;
  NetworkParameters<Real>& parameters;
  const OutputDropout& dropout;
  PrefixForward<Real>& forward;
};

// The loss is minus the mean log-probability over all characters of all names, ends included: a node counts
// once for each name that goes through it. The rows of matrices are the nodes of the tree, or its inner
// nodes.
template <typename Real>
class PrefixBackward {
 public:
  PrefixBackward(const CellOperations<Real>& cell, const NetworkShape& shape);

  // Make room for this many nodes, and for this many workers.
  void reserve(std::size_t nodes);
  void reserve_workers(std::size_t workers);

  // To be called by all workers whenever the parameters have changed; they must meet before the gradients are
  // computed. The parameters must outlive this object: small matrices are used in place.
  void pack(NetworkParameters<Real>& parameters, const Worker& worker) noexcept;

  // Writes the gradients of all parameters. To be called by all workers, each with the nodes whose
  // log-probabilities it has computed. They meet in between, and must meet again before the gradients are
  // used; false: abandoned.
  [[nodiscard]] bool compute_gradients(const BackwardTask<Real>& task, PrefixTree::Range nodes,
                                       NetworkParameters<Real>& gradients, Worker& worker) noexcept;

 private:
  void compute_d_logits(const BackwardTask<Real>& task, PrefixTree::Range nodes) noexcept;
  void compute_d_hidden(const BackwardTask<Real>& task, PrefixTree::Range nodes) noexcept;
  [[nodiscard]] bool compute_d_blocks(const BackwardTask<Real>& task, Worker& worker) noexcept;
  void compute_d_blocks_below(const BackwardTask<Real>& task, PrefixTree::Range inner) noexcept;
  void compute_d_blocks_of_root(const BackwardTask<Real>& task) noexcept;
  [[nodiscard]] bool sum_recurrent_and_output(const BackwardTask<Real>& task,
                                              NetworkParameters<Real>& gradients, Worker& worker) noexcept;
  void sum_inputs(const BackwardTask<Real>& task, NetworkParameters<Real>& gradients,
                  const Worker& worker) noexcept;
  void split_embedding(NetworkParameters<Real>& gradients, const Worker& worker) noexcept;

  const CellOperations<Real>& cell_;
  NetworkShape shape_;
  PackedMatrix<Real> recurrent_;  // R [recurrent_columns][hidden_size]
  PackedMatrix<Real> output_;     // W_y [vocabulary_size][hidden_size]
  PackedMatrix<Real> input_;      // W_x transposed [input_columns][embedding_size]; none without an embedding
  std::size_t capacity_ = 0;
  AlignedMatrix<Real> d_hidden_;  // [nodes][hidden_size], loss by the hidden output through the output layer
  AlignedMatrix<Real> d_states_;  // [inner nodes][state_vectors * hidden_size], loss by the state from below
  AlignedMatrix<Real> no_d_state_;  // [2][state_vectors * hidden_size]: zero, from below a node without
                                    // children; and what goes up from the root
  AlignedMatrix<Real> d_blocks_;    // [nodes][blocks * hidden_size]
  AlignedMatrix<Real> d_inputs_;    // [symbol_count + 1][blocks * hidden_size], summed by symbol
  std::vector<OuterProducts<Real>> outer_products_;  // a workspace for each worker
};

}  // namespace dinorc
