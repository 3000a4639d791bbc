#include "dinorc/drawing/name_block_sampler.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "dinorc/network/output_layer.hpp"

namespace dinorc {
namespace {

constexpr std::size_t rows_at_a_time = 64;  // few enough to stay in the cache

}  // namespace

template <typename Real>
NameBlockSampler<Real>::NameBlockSampler(const CellOperations<Real>& cell,
                                         const PackedParameters<Real>& parameters, const NameRequest& request,
                                         std::size_t capacity)
    : parameters_(parameters),
      request_(request),
      weights_(request.rules, parameters.shape().vocabulary_size),
      counts_(parameters.shape().vocabulary_size, 0),
      step_(cell, parameters, std::min(capacity, rows_at_a_time)),
      states_before_(std::min(capacity, rows_at_a_time), parameters.shape().state_columns()),
      logits_(std::min(capacity, rows_at_a_time), parameters.shape().vocabulary_size),
      exponentials_(std::min(capacity, rows_at_a_time), parameters.shape().vocabulary_size),
      largest_(rows_at_a_time),
      log_sums_(rows_at_a_time),
      cumulative_(parameters.shape().vocabulary_size),
      states_(capacity, parameters.shape().state_columns()),
      parents_states_(capacity, parameters.shape().state_columns()) {}

template <typename Real>
SampledNames NameBlockSampler<Real>::sample(std::uint64_t first, std::size_t count,
                                            const std::function<bool()>& wants_end) {
  begin(first, count);
  for (; !names_.empty(); begin_next_level()) {
    const bool is_last_level = length_ == request_.max_length;
    const std::size_t level_end = nodes_.size();
    for (std::size_t tile = level_begin_; tile < level_end; tile += rows_at_a_time) {
      if (wants_end()) return {};
      const std::size_t rows = std::min(rows_at_a_time, level_end - tile);
      if (!is_last_level || request_.wants_log_probabilities) read_and_predict(tile, rows);
      for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t node = tile + row;
        if (is_last_level) {
          for (const std::uint32_t name : names_of(node)) end_name(name, node, row);
        } else if (length_ < request_.prefix.size()) {
          add_child(node, row, request_.prefix[length_], names_.size());
          next_names_ = names_;
        } else {
          weights_.compute(logits_.view().row(row), length_ >= request_.min_length, cumulative_.data());
          draw_characters(node, row);
        }
      }
    }
  }
  return {ended_names(), ended_log_probabilities_, had_a_choice_};
}

// All names begin as the root, the empty prefix.
template <typename Real>
void NameBlockSampler<Real>::begin(std::uint64_t first, std::size_t count) {
  had_a_choice_ = false;
  nodes_.assign(1, {0, parameters_.shape().first_input()});
  log_probabilities_.assign(1, 0.0);
  level_begin_ = 0;
  length_ = 0;
  names_.resize(count);
  std::iota(names_.begin(), names_.end(), std::uint32_t{0});
  names_begins_ = {0, static_cast<std::uint32_t>(count)};
  next_names_.clear();
  next_names_begins_ = {0};
  streams_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    streams_.emplace_back(request_.seed, StreamPurpose::sampling, first + i);
  }
  ends_in_.resize(count);
  lengths_.resize(count);
  ended_log_probabilities_.resize(request_.wants_log_probabilities ? count : 0);
}

// The states of some nodes of the level, and what they say of the next character.
template <typename Real>
void NameBlockSampler<Real>::read_and_predict(std::size_t first, std::size_t count) {
  const MatrixView<Real> states_before = states_before_.view().rows_from(0, count);
  const MatrixView<Real> states = states_.view().rows_from(first - level_begin_, count);
  const MatrixView<Real> logits = logits_.view().rows_from(0, count);
  characters_.clear();
  for (std::size_t row = 0; row < count; ++row) {
    const Node& node = nodes_[first + row];
    Real* const state_before = states_before.row(row);
    characters_.push_back(node.character);
    if (length_ == 0) {
      std::fill_n(state_before, states_before.row_stride, Real{0});
    } else {
      std::copy_n(parents_states_.view().row(node.parent - parents_begin_), states_before.row_stride,
                  state_before);
    }
  }
  step_.compute(states_before, characters_, states);
  compute_logits<Real>(parameters_, states, logits.with_padding());
  if (request_.wants_log_probabilities) {
    compute_log_sums<Real>(logits, exponentials_.view(), largest_.data(), log_sums_.data());
  }
}

// A character for each name of a node; those that go on with the same one share a node of the next level.
template <typename Real>
void NameBlockSampler<Real>::draw_characters(std::size_t node, std::size_t row) {
  // The likeliest character has weight 1: if that is the sum of all, the others don't count beside it.
  if (cumulative_.back() != 1.0) had_a_choice_ = true;

  const std::span<const std::uint32_t> names = names_of(node);
  drawn_.clear();
  distinct_.clear();
  for (const std::uint32_t name : names) {
    const CharacterId character =
        choose(cumulative_.data(), cumulative_.size(), streams_[name].next_double());
    drawn_.push_back(character);
    if (counts_[static_cast<std::size_t>(character)]++ == 0) distinct_.push_back(character);
  }
  // From here on the counts are the places in next_names_.
  for (const CharacterId character : distinct_) {
    std::uint32_t& count = counts_[static_cast<std::size_t>(character)];
    if (character == end_of_name) continue;
    const std::uint32_t place = next_names_begins_.back();
    add_child(node, row, character, count);
    count = place;
  }
  next_names_.resize(next_names_begins_.back());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (drawn_[i] == end_of_name) {
      end_name(names[i], node, row);
    } else {
      next_names_[counts_[static_cast<std::size_t>(drawn_[i])]++] = names[i];
    }
  }
  for (const CharacterId character : distinct_) counts_[static_cast<std::size_t>(character)] = 0;
}

template <typename Real>
void NameBlockSampler<Real>::add_child(std::size_t node, std::size_t row, CharacterId character,
                                       std::size_t names) {
  nodes_.push_back({static_cast<std::uint32_t>(node), character});
  next_names_begins_.push_back(next_names_begins_.back() + static_cast<std::uint32_t>(names));
  if (request_.wants_log_probabilities) {
    log_probabilities_.push_back(log_probability_with(node, row, character));
  }
}

template <typename Real>
void NameBlockSampler<Real>::end_name(std::uint32_t name, std::size_t node, std::size_t row) {
  ends_in_[name] = node;
  lengths_[name] = length_;
  if (request_.wants_log_probabilities) {
    ended_log_probabilities_[name] = log_probability_with(node, row, end_of_name);
  }
}

// Of a node and one character more, in the order and with the rounding of the scorer.
template <typename Real>
double NameBlockSampler<Real>::log_probability_with(std::size_t node, std::size_t row,
                                                    CharacterId character) const {
  const Real logit = logits_.view().row(row)[character];
  return log_probabilities_[node] + static_cast<double>((logit - largest_[row]) - log_sums_[row]);
}

template <typename Real>
std::span<const std::uint32_t> NameBlockSampler<Real>::names_of(std::size_t node) const {
  const std::size_t index = node - level_begin_;
  return {names_.data() + names_begins_[index], names_begins_[index + 1] - names_begins_[index]};
}

template <typename Real>
void NameBlockSampler<Real>::begin_next_level() {
  parents_begin_ = level_begin_;
  level_begin_ += names_begins_.size() - 1;
  ++length_;
  names_.swap(next_names_);
  next_names_.clear();
  names_begins_.swap(next_names_begins_);
  next_names_begins_ = {0};
  std::swap(states_, parents_states_);
}

// A name is the path from the root to its node, written from its end.
template <typename Real>
NameList NameBlockSampler<Real>::ended_names() const {
  NameList names;
  std::size_t characters = 0;
  for (const std::size_t length : lengths_) {
    characters += length + 1;
    names.ends.push_back(characters);
  }
  names.characters.resize(characters);
  for (std::size_t i = 0; i < lengths_.size(); ++i) {
    std::size_t place = names.ends[i] - 1;
    names.characters[place] = end_of_name;
    std::size_t node = ends_in_[i];
    for (std::size_t length = lengths_[i]; length > 0; --length) {
      names.characters[--place] = nodes_[node].character;
      node = nodes_[node].parent;
    }
  }
  return names;
}

template class NameBlockSampler<float>;
template class NameBlockSampler<double>;

}  // namespace dinorc
