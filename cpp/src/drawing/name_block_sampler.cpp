#include "dinorc/drawing/name_block_sampler.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace dinorc {

NameBlockSampler::NameBlockSampler(const Predictor& predictor, const NameRequest& request,
                                   std::size_t capacity)
    : predictor_(predictor),
      request_(request),
      weights_(request.rules, predictor.vocabulary_size(), predictor.float_type()),
      counts_(predictor.vocabulary_size(), 0),
      reader_(predictor.reader(std::min(capacity, predictor.rows_at_a_time()))),
      logits_(std::min(capacity, predictor.rows_at_a_time()), predictor.vocabulary_size()),
      next_(request.wants_log_probabilities ? logits_.view().rows : 0, predictor.vocabulary_size()),
      cumulative_(predictor.vocabulary_size()),
      states_(capacity, predictor.state_bytes()),
      parents_states_(capacity, predictor.state_bytes()) {}

SampledNames NameBlockSampler::sample(std::uint64_t first, std::size_t count,
                                      const std::function<bool()>& wants_end) {
  begin(first, count);
  for (; !names_.empty(); begin_next_level()) {
    const bool is_last_level = length_ == request_.max_length;
    const std::size_t level_end = nodes_.size();
    const std::size_t rows_at_a_time = logits_.view().rows;
    for (std::size_t tile = level_begin_; tile < level_end; tile += rows_at_a_time) {
      if (wants_end()) return {};
      const std::size_t rows = std::min(rows_at_a_time, level_end - tile);
      if (!is_last_level || request_.wants_log_probabilities) read(tile, rows);
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
void NameBlockSampler::begin(std::uint64_t first, std::size_t count) {
  had_a_choice_ = false;
  nodes_.assign(1, {0, no_character});
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
void NameBlockSampler::read(std::size_t first, std::size_t count) {
  const StateRows states = states_.view().rows_from(first - level_begin_, count);
  if (length_ == 0) {
    std::copy_n(predictor_.first_state(), predictor_.state_bytes(), states.data);
  } else {
    parents_.clear();
    characters_.clear();
    for (std::size_t node = first; node < first + count; ++node) {
      parents_.push_back(nodes_[node].parent - static_cast<std::uint32_t>(parents_begin_));
      characters_.push_back(nodes_[node].character);
    }
    reader_->read(parents_states_.view(), parents_, characters_, states);
  }
  reader_->predict(states, logits_.view(),
                   request_.wants_log_probabilities ? next_.view() : MatrixView<double>{});
}

// Draws a character for each name of a node; those with the same one share a node of the next level.
void NameBlockSampler::draw_characters(std::size_t node, std::size_t row) {
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
  // From here on counts_ holds places in next_names_.
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

void NameBlockSampler::add_child(std::size_t node, std::size_t row, CharacterId character,
                                 std::size_t name_count) {
  nodes_.push_back({static_cast<std::uint32_t>(node), character});
  next_names_begins_.push_back(next_names_begins_.back() + static_cast<std::uint32_t>(name_count));
  if (request_.wants_log_probabilities) {
    log_probabilities_.push_back(log_probability_with(node, row, character));
  }
}

void NameBlockSampler::end_name(std::uint32_t name, std::size_t node, std::size_t row) {
  ends_in_[name] = node;
  lengths_[name] = length_;
  if (request_.wants_log_probabilities) {
    ended_log_probabilities_[name] = log_probability_with(node, row, end_of_name);
  }
}

// Of a node and one more character, in the order and with the rounding of the scorer.
double NameBlockSampler::log_probability_with(std::size_t node, std::size_t row,
                                              CharacterId character) const {
  return log_probabilities_[node] + next_.view().row(row)[character];
}

std::span<const std::uint32_t> NameBlockSampler::names_of(std::size_t node) const {
  const std::size_t index = node - level_begin_;
  return {names_.data() + names_begins_[index], names_begins_[index + 1] - names_begins_[index]};
}

void NameBlockSampler::begin_next_level() {
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
NameList NameBlockSampler::ended_names() const {
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

}  // namespace dinorc
