#include "dinorc/training/prefix_backward.hpp"

#include <algorithm>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"

namespace dinorc {

template <typename Real>
PrefixBackward<Real>::PrefixBackward(const CellOperations<Real>& cell, const NetworkShape& shape)
    : cell_(cell),
      shape_(shape),
      recurrent_(shape.recurrent_columns(), shape.hidden_size),
      output_(shape.vocabulary_size, shape.hidden_size),
      input_(shape.embedding_size == 0 ? 0 : shape.input_columns(), shape.embedding_size),
      no_d_state_(2, shape.state_columns()),
      d_inputs_(sum_of_sizes(shape.symbol_count(), 1), shape.cell_columns()) {}

template <typename Real>
void PrefixBackward<Real>::reserve(std::size_t nodes) {
  if (nodes <= capacity_) return;
  d_hidden_ = {nodes, shape_.hidden_size};
  d_states_ = {nodes, shape_.state_columns()};
  d_blocks_ = {nodes, shape_.cell_columns()};
  capacity_ = nodes;
}

template <typename Real>
void PrefixBackward<Real>::reserve_workers(std::size_t workers) {
  while (outer_products_.size() < workers) outer_products_.emplace_back();
}

template <typename Real>
void PrefixBackward<Real>::pack(NetworkParameters<Real>& parameters, const Worker& worker) noexcept {
  const Part recurrent = worker.part(recurrent_.panels());
  recurrent_.refer_to_panels(parameters.recurrent_weights(), recurrent.begin, recurrent.end);
  const Part output = worker.part(output_.panels());
  output_.pack_panels(parameters.output_weights(), output.begin, output.end);
  if (shape_.embedding_size == 0) return;
  const Part input = worker.part(input_.panels());
  input_.pack_transposed_panels(parameters.input_weights(), input.begin, input.end);
}

template <typename Real>
bool PrefixBackward<Real>::compute_gradients(const BackwardTask<Real>& task, PrefixTree::Range nodes,
                                             NetworkParameters<Real>& gradients, Worker& worker) noexcept {
  compute_d_logits(task, nodes);
  compute_d_hidden(task, nodes);
  if (!worker.meet()) return false;
  if (!compute_d_blocks(task, worker)) return false;
  if (!sum_recurrent_and_output(task, gradients, worker)) return false;
  sum_inputs(task, gradients, worker);
  if (shape_.embedding_size != 0) {
    if (!worker.meet()) return false;
    split_embedding(gradients, worker);
  }
  return true;
}

// With n the names through a node, n_k those that go on with character k, p the probabilities of its row and
// T the characters of all names:
//   d_logits_k = (n / T) p_k - n_k / T
// where (n / T) p_k is taken as exp(logits_k - m) / (s / (n / T)), one division per number.
template <typename Real>
void PrefixBackward<Real>::compute_d_logits(const BackwardTask<Real>& task,
                                            PrefixTree::Range nodes) noexcept {
  const PrefixTree& tree = task.tree;
  const MatrixView<Real> d_logits = task.forward.exponentials_to_d_logits();
  const double characters = static_cast<double>(tree.character_count());
  const auto share = [characters](std::uint32_t names) {
    return static_cast<Real>(static_cast<double>(names) / characters);
  };
  for (PrefixTree::Node node = nodes.begin; node < nodes.end; ++node) {
    Real* const row = d_logits.row(node);
    if (!tree.predicts(node)) {
      std::fill_n(row, d_logits.row_stride, Real{0});
      continue;
    }
    const Real divisor = task.forward.sums()[node] / share(tree.names_through(node));
    active_kernels<Real>().divide_rows(&divisor, d_logits.rows_from(node, 1));
    const PrefixTree::Range children = tree.children(node);
    for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
      Real& d_logit = row[tree.character(child)];
      d_logit = d_logit - share(tree.names_through(child));
    }
    row[end_of_name] = row[end_of_name] - share(tree.names_ending(node));
  }
}

// d_h = W_y^T d_logits, where h was not dropped out.
template <typename Real>
void PrefixBackward<Real>::compute_d_hidden(const BackwardTask<Real>& task,
                                            PrefixTree::Range nodes) noexcept {
  const std::size_t count = nodes.size();
  if (count == 0) return;
  const MatrixView<const Real> d_logits =
      task.forward.exponentials_to_d_logits().rows_from(nodes.begin, count);
  multiply<Real>(d_logits, output_, d_hidden_.view().rows_from(nodes.begin, count), Start::from_zero);
  if (!task.dropout.is_active()) return;
  for (PrefixTree::Node node = nodes.begin; node < nodes.end; ++node) {
    if (!task.dropout.concerns(task.tree, node)) continue;
    Real* const row = d_hidden_.view().row(node);
    task.dropout.template apply<Real>(node, {row, shape_.hidden_size}, row);
  }
}

// PrefixForward::compute_states in reverse.
template <typename Real>
bool PrefixBackward<Real>::compute_d_blocks(const BackwardTask<Real>& task, Worker& worker) noexcept {
  const TreeShares& shares = task.shares;
  const bool takes_long = worker.pieces(shape_.recurrent_multiplications(task.tree.inner_size())) > 1;
  for (std::size_t depth = shares.levels(); depth-- > 0;) {
    const PrefixTree::Range share = shares.share(depth, worker.index());
    const std::size_t pieces =
        worker.pieces(shape_.recurrent_multiplications(task.tree.inner_level(depth).size()));
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const Part part = part_of(share.size(), piece, pieces, row_unit);
      compute_d_blocks_below(task, share.part(part.begin, part.end));
      if ((takes_long || (0 < depth && depth <= shares.common_levels())) && !worker.meet()) return false;
    }
  }
  if (worker.is_first() && shape_.label_count == 0) compute_d_blocks_of_root(task);
  return worker.meet();
}

// The loss by an inner node's state is what its children pass back, summed in ascending order. With dz the
// loss by those pre-activations of the children that R h went into, this is then added to the loss by h:
//   R^T (sum of dz)
template <typename Real>
void PrefixBackward<Real>::compute_d_blocks_below(const BackwardTask<Real>& task,
                                                  PrefixTree::Range inner) noexcept {
  if (inner.size() == 0) return;
  const PrefixTree& tree = task.tree;
  const MatrixView<Real> d_states = d_states_.view().rows_from(inner.begin, inner.size());
  const MatrixView<Real> d_products =
      task.forward.products_to_d_products().rows_from(inner.begin, inner.size());
  const MatrixView<Real> d_recurrent =
      d_blocks_.view().columns_from(shape_.first_recurrent_column(), shape_.recurrent_columns());
  for (std::size_t row = 0; row < inner.size(); ++row) {
    const PrefixTree::Node node = tree.inner_node(inner.begin + static_cast<PrefixTree::Node>(row));
    const PrefixTree::Range children = tree.children(node);
    std::fill_n(d_states.row(row), d_states.row_stride, Real{0});
    for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
      const bool is_inner = tree.children(child).size() != 0;
      cell_.backward(task.forward.step(tree, child),
                     {
                         .d_output = d_hidden_.view().row(child),
                         .d_state_after = is_inner ? d_states_.view().row(tree.inner_number(child))
                                                   : no_d_state_.view().row(0),
                         .d_state_before = d_states.row(row),
                         .d_blocks = d_blocks_.view().row(child),
                     });
      if (child == children.begin) {
        std::copy_n(d_recurrent.row(child), d_recurrent.columns, d_products.row(row));
      } else {
        active_kernels<Real>().add(d_recurrent.row(child), d_products.row(row), d_recurrent.columns);
      }
    }
  }
  multiply<Real>(d_products, recurrent_, d_states.columns_from(0, shape_.hidden_size), Start::from_result);
}

template <typename Real>
void PrefixBackward<Real>::compute_d_blocks_of_root(const BackwardTask<Real>& task) noexcept {
  const PrefixTree::Node root = PrefixTree::root;
  const bool is_inner = task.tree.size() > 1;
  cell_.backward(task.forward.step(task.tree, root),
                 {
                     .d_output = d_hidden_.view().row(root),
                     .d_state_after = is_inner ? d_states_.view().row(0) : no_d_state_.view().row(0),
                     .d_state_before = no_d_state_.view().row(1),
                     .d_blocks = d_blocks_.view().row(root),
                 });
}

// Summed over the nodes in ascending order, with d(R h) the sum over the children of an inner node:
//   dR   = sum of d(R h) h^T over the inner nodes
//   dW_y = sum of d_logits h^T, h as the output layer saw it      db_y = sum of d_logits
template <typename Real>
bool PrefixBackward<Real>::sum_recurrent_and_output(const BackwardTask<Real>& task,
                                                    NetworkParameters<Real>& gradients,
                                                    Worker& worker) noexcept {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const std::size_t nodes = task.tree.size();
  const MatrixView<const Real> d_logits = task.forward.exponentials_to_d_logits().rows_from(0, nodes);
  const std::size_t inner_nodes = task.tree.inner_size();
  const MatrixView<const Real> d_products = task.forward.products_to_d_products().rows_from(0, inner_nodes);
  const MatrixView<const Real> inner_hidden = task.forward.inner_hidden().rows_from(0, inner_nodes);
  const auto sum = [&](MatrixView<const Real> left, MatrixView<const Real> right, MatrixView<Real> result,
                       Part rows) {
    const std::size_t count = rows.end - rows.begin;
    outer_products_[worker.index()].sum(left.columns_from(rows.begin, count), right,
                                        result.rows_from(rows.begin, count), Start::from_zero);
  };
  const std::size_t pieces = worker.pieces(shape_.recurrent_multiplications(inner_nodes));
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    sum(d_products, inner_hidden, gradients.recurrent_weights(),
        worker.part(shape_.recurrent_columns(), row_unit, piece, pieces));
    if (piece + 1 < pieces && !worker.meet()) return false;
  }
  sum(d_logits, task.forward.outputs(task.dropout).rows_from(0, nodes), gradients.output_weights(),
      worker.part(shape_.vocabulary_size, row_unit));
  if (worker.is_first()) {
    static constexpr Real one{1};
    kernels.multiply({
        .rows = 1,
        .columns = shape_.vocabulary_size,
        .depth = nodes,
        .left = &one,
        .left_row_stride = 0,
        .left_depth_stride = 0,
        .right = d_logits.data,
        .right_depth_stride = static_cast<std::ptrdiff_t>(d_logits.row_stride),
        .result = gradients.output_bias().data,
        .result_row_stride = 0,
        .accumulate = false,
    });
  }
  return true;
}

// The loss by what each symbol adds to the pre-activations, summed over its nodes in ascending order. This
// worker's columns of these sums give the same columns of
//   db   = the sum over all symbols, "no character" last
//   dW_x = E^T (these sums) for the embedding E; without one, the sums themselves
template <typename Real>
void PrefixBackward<Real>::sum_inputs(const BackwardTask<Real>& task, NetworkParameters<Real>& gradients,
                                      const Worker& worker) noexcept {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const Part part = worker.part(shape_.cell_columns(), column_unit<Real>);
  const std::size_t count = part.end - part.begin;
  if (count == 0) return;
  const MatrixView<Real> d_inputs = d_inputs_.view().columns_from(part.begin, count);
  const MatrixView<Real> d_blocks = d_blocks_.view().columns_from(part.begin, count);
  for (std::size_t c = 0; c < d_inputs.rows; ++c) std::fill_n(d_inputs.row(c), count, Real{0});
  for (PrefixTree::Node node = shape_.label_count == 0 ? 0 : 1; node < task.tree.size(); ++node) {
    const CharacterId character = node == PrefixTree::root ? shape_.first_input() : task.tree.character(node);
    const std::size_t row =
        character == no_character ? shape_.symbol_count() : static_cast<std::size_t>(character);
    kernels.add(d_blocks.row(node), d_inputs.row(row), count);
  }

  Real* const d_bias = gradients.bias().data + part.begin;
  std::fill_n(d_bias, count, Real{0});
  for (std::size_t c = 0; c < d_inputs.rows; ++c) kernels.add(d_inputs.row(c), d_bias, count);

  const std::size_t input_end = std::min(part.end, shape_.input_columns());
  if (input_end <= part.begin) return;
  const MatrixView<Real> d_weights =
      gradients.input_weights().columns_from(part.begin, input_end - part.begin);
  if (shape_.embedding_size == 0) {
    for (std::size_t c = 0; c < d_weights.rows; ++c) {
      std::copy_n(d_inputs.row(c), d_weights.columns, d_weights.row(c));
    }
    return;
  }
  const MatrixView<const Real> embedding = task.parameters.embedding();
  kernels.multiply({
      .rows = d_weights.rows,
      .columns = d_weights.columns,
      .depth = shape_.symbol_count(),
      .left = embedding.data,
      .left_row_stride = 1,
      .left_depth_stride = static_cast<std::ptrdiff_t>(embedding.row_stride),
      .right = d_inputs.data,
      .right_depth_stride = static_cast<std::ptrdiff_t>(d_inputs.row_stride),
      .result = d_weights.data,
      .result_row_stride = static_cast<std::ptrdiff_t>(d_weights.row_stride),
      .accumulate = false,
  });
}

// dE = (the loss by what each symbol adds to the pre-activations) W_x^T
template <typename Real>
void PrefixBackward<Real>::split_embedding(NetworkParameters<Real>& gradients,
                                           const Worker& worker) noexcept {
  const Part rows = worker.part(shape_.symbol_count(), row_unit);
  const std::size_t count = rows.end - rows.begin;
  if (count == 0) return;
  const MatrixView<const Real> d_inputs = d_inputs_.view().columns_from(0, shape_.input_columns());
  multiply<Real>(d_inputs.rows_from(rows.begin, count), input_,
                 gradients.embedding().rows_from(rows.begin, count), Start::from_zero);
}

template class PrefixBackward<float>;
template class PrefixBackward<double>;

}  // namespace dinorc
