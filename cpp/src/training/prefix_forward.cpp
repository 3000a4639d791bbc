#include "dinorc/training/prefix_forward.hpp"

#include <algorithm>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/network/output_layer.hpp"
#include "dinorc/random/philox.hpp"

namespace dinorc {

template <typename Real>
void OutputDropout::apply(PrefixTree::Node node, VectorView<const Real> x, Real* y) const {
  const Dropout<Real> dropout{
      .key = {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      .counter = {node, step, static_cast<std::uint32_t>(StreamPurpose::dropout)},
      .threshold = static_cast<std::uint32_t>(rate * 0x1p32),
      .scale = static_cast<Real>(1.0 / (1.0 - rate)),
  };
  active_kernels<Real>().dropout(dropout, x.data, y, x.size);
}

template <typename Real>
PrefixForward<Real>::PrefixForward(const CellOperations<Real>& cell, const NetworkShape& shape)
    : cell_(cell), shape_(shape), zeros_(1, std::max(shape.state_columns(), shape.recurrent_columns())) {}

template <typename Real>
void PrefixForward<Real>::reserve(std::size_t nodes) {
  if (nodes <= capacity_) return;
  blocks_ = {nodes, shape_.cell_columns()};
  kept_ = {nodes, product_of_sizes(cell_.kept_vectors, shape_.hidden_size)};
  states_ = {nodes, shape_.state_columns()};
  inner_hidden_ = {nodes, shape_.hidden_size};
  products_ = {nodes, shape_.recurrent_columns()};
  dropped_out_ = {nodes, shape_.hidden_size};
  exponentials_ = {nodes, shape_.vocabulary_size};
  sums_ = AlignedBuffer<Real>(nodes);
  character_log_probabilities_ = AlignedBuffer<Real>(nodes);
  end_log_probabilities_ = AlignedBuffer<Real>(nodes);
  capacity_ = nodes;
}

template <typename Real>
CellStep<Real> PrefixForward<Real>::step(const PrefixTree& tree, PrefixTree::Node node) {
  const MatrixView<Real> states = states_.view();
  return {
      .hidden_size = shape_.hidden_size,
      .blocks = blocks_.view().row(node),
      .state_before = node == tree.root ? zeros_.view().data : states.row(tree.parent(node)),
      .state_after = states.row(node),
      .kept = kept_.view().row(node),
  };
}

template <typename Real>
MatrixView<const Real> PrefixForward<Real>::outputs(const OutputDropout& dropout) const {
  if (dropout.is_active()) return dropped_out_.view();
  const MatrixView<const Real> states = states_.view();
  return {states.data, states.rows, shape_.hidden_size, states.row_stride};
}

// In a tree that takes long, workers meet even where they need not, so as to hear of an interruption.
template <typename Real>
bool PrefixForward<Real>::compute_states(const PackedParameters<Real>& parameters, const PrefixTree& tree,
                                         const TreeShares& shares, Worker& worker) noexcept {
  if (worker.is_first()) compute_root_state(parameters, tree);  // its share has the root's children
  const bool takes_long = worker.pieces(shape_.recurrent_multiplications(tree.inner_size())) > 1;
  for (std::size_t depth = 0; depth < shares.levels(); ++depth) {
    const PrefixTree::Range share = shares.share(depth, worker.index());
    const std::size_t pieces =
        worker.pieces(shape_.recurrent_multiplications(tree.inner_level(depth).size()));
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const Part part = part_of(share.size(), piece, pieces, row_unit);
      compute_states_below(parameters, tree, share.part(part.begin, part.end));
      if ((takes_long || depth < shares.common_levels()) && !worker.meet()) return false;
    }
  }
  return worker.meet();
}

template <typename Real>
void PrefixForward<Real>::compute_root_state(const PackedParameters<Real>& parameters,
                                             const PrefixTree& tree) noexcept {
  if (shape_.label_count != 0) {  // a label is what a name begins with
    std::fill_n(states_.view().row(tree.root), shape_.state_columns(), Real{0});
    return;
  }
  const CellStep<Real> root = step(tree, tree.root);
  parameters.compute_pre_activations(zeros_.view().data, shape_.first_input(), root.blocks);
  cell_.forward(root);
}

// Once for a node:        R h, each sum from zero upwards
// for each child of it:   z = R h + (W x + b), with x its character
template <typename Real>
void PrefixForward<Real>::compute_states_below(const PackedParameters<Real>& parameters,
                                               const PrefixTree& tree, PrefixTree::Range inner) noexcept {
  if (inner.size() == 0) return;
  const MatrixView<Real> hidden = inner_hidden_.view().rows_from(inner.begin, inner.size());
  const MatrixView<Real> products = products_.view().rows_from(inner.begin, inner.size());
  for (std::size_t row = 0; row < inner.size(); ++row) {
    const PrefixTree::Node node = tree.inner_node(inner.begin + static_cast<PrefixTree::Node>(row));
    std::copy_n(states_.view().row(node), shape_.hidden_size, hidden.row(row));
  }
  multiply<Real>(hidden, parameters.recurrent(), products, Start::from_zero);
  for (std::size_t row = 0; row < inner.size(); ++row) {
    const PrefixTree::Node node = tree.inner_node(inner.begin + static_cast<PrefixTree::Node>(row));
    const PrefixTree::Range children = tree.children(node);
    for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
      const CellStep<Real> now = step(tree, child);
      parameters.compute_pre_activations(products.row(row), tree.character(child), now.blocks);
      cell_.forward(now);
    }
  }
}

// The equations are those of output_layer.hpp, for hidden outputs of which some are dropped. Only the
// log-probabilities of what follows in the tree are kept.
template <typename Real>
void PrefixForward<Real>::compute_log_probabilities(const PackedParameters<Real>& parameters,
                                                    const PrefixTree& tree, const OutputDropout& dropout,
                                                    PrefixTree::Range nodes) noexcept {
  constexpr PrefixTree::Node rows_at_a_time = 64;  // few enough to stay in the cache
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const MatrixView<Real> states = states_.view();
  const MatrixView<Real> logits = exponentials_.view().with_padding();
  Real* const of_character = character_log_probabilities_.data();
  Real* const of_end = end_log_probabilities_.data();
  const auto predicted_after = [&tree](PrefixTree::Node node) {
    return tree.predicts(node) ? tree.children(node) : PrefixTree::Range{};
  };

  for (PrefixTree::Node first = nodes.begin; first < nodes.end; first += rows_at_a_time) {
    const std::size_t count = std::min<std::size_t>(rows_at_a_time, nodes.end - first);
    for (PrefixTree::Node node = first; node < first + count; ++node) {
      if (dropout.concerns(tree, node)) {
        dropout.apply<Real>(node, {states.row(node), shape_.hidden_size}, dropped_out_.view().row(node));
      } else if (dropout.is_active()) {
        std::copy_n(states.row(node), shape_.hidden_size, dropped_out_.view().row(node));
      }
    }
    compute_logits(parameters, outputs(dropout).rows_from(first, count), logits.rows_from(first, count));

    for (PrefixTree::Node node = first; node < first + count; ++node) {
      const Real* const row = logits.row(node);
      const PrefixTree::Range children = predicted_after(node);
      for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
        const CharacterId character = tree.character(child);
        if (character != no_character) of_character[child] = row[character];
      }
      of_end[node] = row[end_of_name];
    }

    Real largest[rows_at_a_time];
    Real logarithms[rows_at_a_time];
    const MatrixView<Real> block = exponentials_.view().rows_from(first, count);
    kernels.softmax_terms(block, block, largest);
    kernels.sum_rows(block, sums_.data() + first);
    kernels.log(sums_.data() + first, logarithms, count);
    for (PrefixTree::Node node = first; node < first + count; ++node) {
      const std::size_t row = node - first;
      const PrefixTree::Range children = predicted_after(node);
      for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
        of_character[child] = (of_character[child] - largest[row]) - logarithms[row];
      }
      of_end[node] = (of_end[node] - largest[row]) - logarithms[row];
    }
  }
}

template void OutputDropout::apply(PrefixTree::Node, VectorView<const float>, float*) const;
template void OutputDropout::apply(PrefixTree::Node, VectorView<const double>, double*) const;
template class PrefixForward<float>;
template class PrefixForward<double>;

}  // namespace dinorc
