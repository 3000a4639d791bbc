#include "dinorc/drawing/name_block_sampler.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "dinorc/drawing/look_ahead.hpp"
#include "dinorc/foundations/sizes.hpp"

namespace dinorc {
namespace {

// Enough for fast products; few enough for their states, and their parents', to stay in a cache. Names are
// the same with any number, but with fewer than LookAhead draws it would observe prefixes in another order,
// and so round its sums otherwise.
constexpr std::size_t most_nodes_together = 1024;

}  // namespace

NameBlockSampler::NameBlockSampler(const Predictor& predictor, const NameRequest& request,
                                   std::size_t capacity)
    : predictor_(predictor),
      request_(request),
      rules_(request.rules, predictor.vocabulary_size()),
      by_rules_(predictor.vocabulary_size()),
      wanted_(predictor.vocabulary_size()),
      cumulative_(predictor.vocabulary_size()),
      next_states_(predictor.vocabulary_size()),
      kept_children_(predictor.vocabulary_size(), RemainingNames::none),
      promises_(predictor.vocabulary_size()),
      counts_(predictor.vocabulary_size(), 0),
      reader_(predictor.reader(std::min(capacity, predictor.rows_at_a_time()))),
      predicted_(std::min(capacity, predictor.rows_at_a_time()), predictor.vocabulary_size()),
      next_(request.wants_log_probabilities ? predicted_.view().rows : 0, predictor.vocabulary_size()),
      nodes_together_(std::min(capacity, most_nodes_together)) {}

const std::vector<CharacterId>& NameBlockSampler::prefix() const {
  return request_.wanted.conditions != nullptr ? request_.wanted.conditions->prefix() : request_.prefix;
}

SampledNames NameBlockSampler::sample(std::uint64_t first, std::size_t count,
                                      const std::function<bool()>& wants_end) {
  begin(first, count);
  while (!generations_.empty()) {
    const Generation& generation = generations_.back();
    // Of the nodes after these, all names have ended.
    nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(generation.end()), nodes_.end());
    const std::size_t left = generation.end() - generation.next;
    // As many each time, so that never only a few are left.
    if (!grow(ceiling_quotient(left, ceiling_quotient(left, nodes_together_)), wants_end)) return {};
  }
  return result();
}

// Gives so many nodes of the last generation their children, which become the last one. A generation goes as
// soon as all its nodes have grown: there are never more of them than names that have not ended.
bool NameBlockSampler::grow(std::size_t count, const std::function<bool()>& wants_end) {
  Generation& generation = generations_.back();
  const std::size_t first = generation.next;
  length_ = generation.length;
  next_states_from_ = NameConditions::no_state;
  begin_children(first);
  const std::size_t rows_at_a_time = predicted_.view().rows;
  for (std::size_t done = 0; done < count; done += rows_at_a_time) {
    if (wants_end()) return false;
    const std::size_t rows = std::min(rows_at_a_time, count - done);
    if (!is_cut_off_here() || request_.wants_log_probabilities) read(first + done, rows);
    for (std::size_t row = 0; row < rows; ++row) grow_node(first + done + row, row);
  }
  generation.next += count;
  if (generation.next == generation.end()) {
    spare_generations_.push_back(std::move(generation));
    generations_.pop_back();
  }
  auto& its_place = children_.names.empty() ? spare_generations_ : generations_;
  its_place.push_back(std::move(children_));
  return true;
}

void NameBlockSampler::begin_children(std::size_t parents_begin) {
  if (spare_generations_.empty()) {
    children_ = {};
  } else {
    children_ = std::move(spare_generations_.back());
    spare_generations_.pop_back();
  }
  if (children_.parents_states.view().rows == 0) {
    children_.parents_states = AlignedMatrix<std::byte>(nodes_together_, predictor_.state_bytes());
  }
  children_.length = length_ + 1;
  children_.begin = children_.next = nodes_.size();
  children_.names.clear();
  children_.names_begins.assign(1, 0);
  children_.parents_begin = parents_begin;
}

// By the character that the prefix has there, or by those that are drawn.
void NameBlockSampler::grow_node(std::size_t node, std::size_t row) {
  if (is_cut_off_here()) {
    const std::size_t place = write_down(node);
    for (const std::uint32_t name : names_of(node)) end_name(name, node, row, place);
  } else if (length_ < prefix().size()) {
    const CharacterId character = prefix()[length_];
    if (const NameConditions* const conditions = request_.wanted.conditions) {
      next_states_[static_cast<std::size_t>(character)] =
          conditions->after(nodes_[node].state, character, length_);
    }
    const std::span<const std::uint32_t> names = names_of(node);
    add_child(node, row, character, names.size());
    children_.names.assign(names.begin(), names.end());
  } else {
    weigh_characters(node, row);
    draw_characters(node, row);
  }
}

// All names begin as the root, the empty prefix.
void NameBlockSampler::begin(std::uint64_t first, std::size_t count) {
  nodes_.assign(1, {.parent = 0, .character = no_character});
  visits_.clear();
  generations_.clear();
  generations_.emplace_back();
  Generation& root = generations_.back();
  root.names.resize(count);
  std::iota(root.names.begin(), root.names.end(), std::uint32_t{0});
  root.names_begins = {0, static_cast<std::uint32_t>(count)};
  streams_.begin(request_.seed, request_.purpose, first, count);
  written_.clear();
  places_.resize(count);
  lengths_.resize(count);
  ended_log_probabilities_.assign(request_.wants_log_probabilities ? count : 0, 0.0);
  ended_weights_.assign(request_.wanted.look_ahead != nullptr ? count : 0, 0.0);
  is_refused_.assign(request_.wanted.conditions != nullptr ? count : 0, 0);
  ends_in_.assign(request_.wanted.remaining != nullptr ? count : 0, 0);
}

// The states of some of the nodes that grow, and what they say of the next character.
void NameBlockSampler::read(std::size_t first, std::size_t count) {
  const StateRows states = children_.parents_states.view().rows_from(first - children_.parents_begin, count);
  if (length_ == 0) {
    std::copy_n(predictor_.first_state(), predictor_.state_bytes(), states.data);
  } else {
    const Generation& generation = generations_.back();
    parents_.clear();
    characters_.clear();
    for (std::size_t node = first; node < first + count; ++node) {
      parents_.push_back(nodes_[node].parent - static_cast<std::uint32_t>(generation.parents_begin));
      characters_.push_back(nodes_[node].character);
    }
    reader_->read(generation.parents_states.view(), parents_, characters_, states);
  }
  Predictions wanted;
  (rules_.change_nothing() ? wanted.terms : wanted.logits) = predicted_.view();
  if (request_.wants_log_probabilities) wanted.log_probabilities = next_.view();
  reader_->predict(states, wanted);
}

// By the rules, and by what is wanted.
void NameBlockSampler::weigh_characters(std::size_t node, std::size_t row) {
  const std::span<const double> predicted(predicted_.view().row(row), by_rules_.size());
  weights_ = predicted;
  if (!rules_.change_nothing()) {
    rules_.compute(predicted.data(), by_rules_.data());
    weights_ = by_rules_;
  }
  if (request_.observe) {
    request_.observe({nodes_[nodes_[node].parent].character, nodes_[node].character, length_,
                      names_of(node).size(), weights_});
  }
  add_up(weights_.data(), weights_.size(), cumulative_.data());
  whole_ = cumulative_.back();
  if (request_.wanted.conditions == nullptr) return;
  // The rules may leave such a character out: then its logit shows it.
  if (whole_ != whole_ || (!rules_.change_nothing() && std::any_of(predicted.begin(), predicted.end(),
                                                                   [](double x) { return x != x; }))) {
    throw std::domain_error("a probability of the model is not a number; expected finite parameters");
  }
  weigh_wanted_characters(node);
}

// At a prefix that is seen for the first time, characters are drawn as the model has them, and those that are
// not wanted refused. Where it is known what is left of a prefix, it was chosen by that: there is nothing to
// refuse, and characters are drawn by what is left of each.
void NameBlockSampler::weigh_wanted_characters(std::size_t node) {
  const NameConditions& conditions = *request_.wanted.conditions;
  const NameConditions::State state = nodes_[node].state;
  if (state != next_states_from_) {  // at this length
    for (std::size_t i = 1; i < weights_.size(); ++i) {
      next_states_[i] = conditions.after(state, static_cast<CharacterId>(i), length_);
    }
    next_states_from_ = state;
    wants_all_ = conditions.may_end(state, length_) &&
                 std::count(next_states_.begin() + 1, next_states_.end(), NameConditions::no_state) == 0;
  }
  if (request_.wanted.remaining != nullptr) begin_visit(node);
  const bool is_by_weights =
      request_.wanted.remaining != nullptr && visit_of(node).node == RemainingNames::none;
  drawable_ = weights_;
  if (is_by_weights && wants_all_) {  // mostly
    const auto ways = std::count_if(weights_.begin(), weights_.end(), [](double x) { return x > 0.0; });
    visit_of(node).rest = {1.0, static_cast<std::uint32_t>(ways)};
    return;
  }
  drawable_ = wanted_;
  wanted_[end_of_name] = conditions.may_end(state, length_) ? weights_[end_of_name] : 0.0;
  for (std::size_t i = 1; i < weights_.size(); ++i) {
    wanted_[i] = next_states_[i] != NameConditions::no_state ? weights_[i] : 0.0;
  }
  if (request_.wanted.remaining != nullptr) leave_out_what_is_taken(visit_of(node));
  if (request_.wanted.look_ahead != nullptr) look_ahead(node);
  if (!is_by_weights) add_up(wanted_.data(), wanted_.size(), cumulative_.data());
}

void NameBlockSampler::begin_visit(std::size_t node) {
  if (length_ == prefix().size()) add_visit(node, no_character);
  visit_of(node).end_share = weights_[end_of_name] / whole_;
}

void NameBlockSampler::leave_out_what_is_taken(RemainingNames::Visit& visit) {
  const RemainingNames& remaining = *request_.wanted.remaining;
  if (visit.node != RemainingNames::none) {
    if (remaining.end_is_out(visit.node)) wanted_[end_of_name] = 0.0;
    remaining.for_each_child(visit.node, [this](const RemainingNames::Child& child) {
      kept_children_[static_cast<std::size_t>(child.character)] = child.node;
    });
  }
  double rest = 0.0;
  visit.rest.ways = 0;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (!(wanted_[i] > 0.0) || kept_children_[i] != RemainingNames::none) continue;
    rest += wanted_[i];
    ++visit.rest.ways;
  }
  visit.rest.share = rest / whole_;
  if (visit.node != RemainingNames::none) {
    remaining.for_each_child(visit.node, [this](const RemainingNames::Child& child) {
      wanted_[static_cast<std::size_t>(child.character)] *= child.left;
    });
  }
}

void NameBlockSampler::look_ahead(std::size_t node) {
  promises_[end_of_name] = 1.0;
  for (std::size_t i = 1; i < wanted_.size(); ++i) {
    if (!(wanted_[i] > 0.0)) continue;
    promises_[i] = request_.wanted.look_ahead->promise(nodes_[node].character, static_cast<CharacterId>(i),
                                                       next_states_[i], length_ + 1);
    wanted_[i] *= promises_[i];
  }
}

// How much likelier the model makes a prefix, or a whole name, than the draw does. A character is drawn with
// the probability weight * promise / (sum over all), and the model gives it weight / whole.
double NameBlockSampler::weight_with(std::size_t node, CharacterId character) const {
  return nodes_[node].weight * (cumulative_.back() / whole_) / promises_[static_cast<std::size_t>(character)];
}

// Draws a character for each name of a node; those with the same one share a child of it.
void NameBlockSampler::draw_characters(std::size_t node, std::size_t row) {
  const bool may_refuse = request_.wanted.conditions != nullptr;
  const std::span<const std::uint32_t> names = names_of(node);
  drawn_.clear();
  distinct_.clear();
  const std::size_t draw = length_ - prefix().size();
  for (const std::uint32_t name : names) {
    const double target = streams_.next_double(name, draw) * cumulative_.back();
    const CharacterId character = choose(cumulative_.data(), cumulative_.size(), target);
    if (may_refuse && !(drawable_[static_cast<std::size_t>(character)] > 0.0)) {
      drawn_.push_back(no_character);
      continue;
    }
    drawn_.push_back(character);
    if (counts_[static_cast<std::size_t>(character)]++ == 0) distinct_.push_back(character);
  }
  // From here on counts_ holds places in children_.names.
  for (const CharacterId character : distinct_) {
    std::uint32_t& count = counts_[static_cast<std::size_t>(character)];
    if (character == end_of_name) continue;
    const std::uint32_t place = children_.names_begins.back();
    add_child(node, row, character, count);
    count = place;
  }
  children_.names.resize(children_.names_begins.back());
  const std::size_t place_of_ended = counts_[end_of_name] > 0 ? write_down(node) : 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (drawn_[i] == end_of_name) {
      end_name(names[i], node, row, place_of_ended);
    } else if (drawn_[i] == no_character) {
      refuse(names[i]);
    } else {
      children_.names[counts_[static_cast<std::size_t>(drawn_[i])]++] = names[i];
    }
  }
  for (const CharacterId character : distinct_) counts_[static_cast<std::size_t>(character)] = 0;
  if (request_.wanted.remaining != nullptr && visit_of(node).node != RemainingNames::none) {
    request_.wanted.remaining->for_each_child(
        visit_of(node).node, [this](const RemainingNames::Child& child) {
          kept_children_[static_cast<std::size_t>(child.character)] = RemainingNames::none;
        });
  }
}

void NameBlockSampler::add_child(std::size_t node, std::size_t row, CharacterId character,
                                 std::size_t name_count) {
  const bool is_forced = length_ < prefix().size();
  Node child{.parent = static_cast<std::uint32_t>(node),
             .character = character,
             .state = next_states_[static_cast<std::size_t>(character)]};
  if (request_.wanted.remaining != nullptr && !is_forced) child.visit = add_visit(node, character);
  if (request_.wanted.look_ahead != nullptr && !is_forced) child.weight = weight_with(node, character);
  if (request_.wants_log_probabilities) child.log_probability = log_probability_with(node, row, character);
  nodes_.push_back(child);
  children_.names_begins.push_back(children_.names_begins.back() + static_cast<std::uint32_t>(name_count));
}

// Of a node's child; without a character, of the node that has the prefix, which is the root of what remains.
std::uint32_t NameBlockSampler::add_visit(std::size_t node, CharacterId character) {
  const auto place = static_cast<std::uint32_t>(visits_.size());
  if (character == no_character) {
    visits_.push_back({0, no_character, request_.wanted.remaining->known_root(), 1.0, 0.0, {}});
  } else {
    const auto i = static_cast<std::size_t>(character);
    visits_.push_back({nodes_[node].visit, character, kept_children_[i], weights_[i] / whole_, 0.0, {}});
  }
  return place;
}

// The node's characters, which are read from the last one back; returns where they begin.
std::size_t NameBlockSampler::write_down(std::size_t node) {
  const std::size_t place = written_.size();
  written_.resize(place + length_);
  for (std::size_t i = length_; i-- > 0; node = nodes_[node].parent) {
    written_[place + i] = nodes_[node].character;
  }
  return place;
}

void NameBlockSampler::end_name(std::uint32_t name, std::size_t node, std::size_t row, std::size_t place) {
  places_[name] = place;
  lengths_[name] = length_;
  if (request_.wants_log_probabilities) {
    ended_log_probabilities_[name] = log_probability_with(node, row, end_of_name);
  }
  if (request_.wanted.look_ahead != nullptr) ended_weights_[name] = weight_with(node, end_of_name);
  if (request_.wanted.remaining != nullptr) ends_in_[name] = nodes_[node].visit;
}

void NameBlockSampler::refuse(std::uint32_t name) {
  places_[name] = 0;
  lengths_[name] = 0;
  is_refused_[name] = 1;
}

// Of a node and one more character, in the order and with the rounding of the scorer.
double NameBlockSampler::log_probability_with(std::size_t node, std::size_t row,
                                              CharacterId character) const {
  return nodes_[node].log_probability + next_.view().row(row)[character];
}

std::span<const std::uint32_t> NameBlockSampler::names_of(std::size_t node) const {
  const Generation& generation = generations_.back();
  const std::size_t index = node - generation.begin;
  const std::uint32_t begin = generation.names_begins[index];
  return {generation.names.data() + begin, generation.names_begins[index + 1] - begin};
}

NameList NameBlockSampler::ended_names() const {
  NameList names;
  names.characters.reserve(std::accumulate(lengths_.begin(), lengths_.end(), lengths_.size()));
  for (std::size_t i = 0; i < lengths_.size(); ++i) {
    const CharacterId* const name = written_.data() + places_[i];
    names.characters.insert(names.characters.end(), name, name + lengths_[i]);
    names.characters.push_back(end_of_name);
    names.ends.push_back(names.characters.size());
  }
  return names;
}

SampledNames NameBlockSampler::result() {
  return {ended_names(),          std::move(ended_log_probabilities_),
          std::move(is_refused_), std::move(ended_weights_),
          std::move(ends_in_),    std::move(visits_)};
}

}  // namespace dinorc
