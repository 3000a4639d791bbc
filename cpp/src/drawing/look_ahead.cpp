#include "dinorc/drawing/look_ahead.hpp"

#include <algorithm>

#include "dinorc/drawing/name_sampling.hpp"

namespace dinorc {
namespace {

constexpr std::size_t names_asked_about = 1024;
constexpr double most_operations = 1e8;  // about a fifth of a second
constexpr double most_numbers = 8e6;
constexpr std::size_t most_averages = 4'000'000;  // of a table
constexpr std::size_t longest_drawn = 200;        // of the names asked about
constexpr std::size_t lengths_to_spare = 16;      // beyond the longest name seen

// How many names' worth of a shorter context's average an average is mixed with.
constexpr double prior_names = 2.0;

// By how many last characters averages can be kept.
std::size_t greatest_order(std::size_t vocabulary_size) {
  if (vocabulary_size * vocabulary_size > most_averages) return 0;
  return vocabulary_size * vocabulary_size * vocabulary_size > most_averages ? 1 : 2;
}

// Of the shortest name that the automaton accepts.
std::size_t fewest_characters(const NameAutomaton& automaton) {
  std::vector<std::uint8_t> is_seen(automaton.states(), 0);
  std::vector<std::size_t> level = {0};
  is_seen[0] = 1;
  for (std::size_t length = 0; !level.empty(); ++length) {
    std::vector<std::size_t> next_level;
    for (const std::size_t state : level) {
      if (automaton.accepting[state] != 0) return length;
      for (std::size_t i = 1; i < automaton.vocabulary_size; ++i) {
        const std::int32_t next = automaton.next_states[state * automaton.vocabulary_size + i];
        if (next < 0 || is_seen[static_cast<std::size_t>(next)] != 0) continue;
        is_seen[static_cast<std::size_t>(next)] = 1;
        next_level.push_back(static_cast<std::size_t>(next));
      }
    }
    level.swap(next_level);
  }
  return 0;
}

}  // namespace

// The average probabilities of the next character, by the last characters.
struct LookAhead::Averages {
  std::vector<double> next;       // [contexts][vocabulary_size], each row a distribution
  std::vector<double> end_tends;  // by length: how much more often a name ends there than its characters say
};

LookAhead::LookAhead(const Predictor& predictor, const NameConditions& conditions, const SamplingRules& rules,
                     std::uint64_t seed, const Interrupted& interrupted)
    : vocabulary_size_(predictor.vocabulary_size()), states_(conditions.automaton().states()) {
  const std::size_t size = vocabulary_size_;
  const std::size_t limit = std::max(longest_drawn, conditions.prefix().size());
  order_ = greatest_order(size);
  const bool has_one = order_ > 0, has_two = order_ > 1;
  std::vector<double> by_none(size, 0.0), by_one(has_one ? size * size : 0, 0.0);
  std::vector<double> by_two(has_two ? size * size * size : 0, 0.0);
  std::vector<double> ends_seen(limit + 1, 0.0), names_seen(limit + 1, 0.0);
  std::size_t longest = 0;

  // One worker, so that the sums have one order.
  NameRequest request{.seed = seed,
                      .purpose = StreamPurpose::looking_ahead,
                      .count = names_asked_about,
                      .prefix = conditions.prefix(),
                      .max_length = limit,
                      .rules = rules};
  request.observe = [&](const DrawnPlace& place) {
    double whole = 0.0;
    for (const double weight : place.weights) whole += weight;
    const double share = static_cast<double>(place.names) / whole;
    const std::size_t one = place.last > 0 ? static_cast<std::size_t>(place.last) : 0;
    const std::size_t two = place.last_but_one > 0 ? static_cast<std::size_t>(place.last_but_one) : 0;
    for (std::size_t i = 0; i < size; ++i) {
      const double names = share * place.weights[i];
      by_none[i] += names;
      if (has_one) by_one[one * size + i] += names;
      if (has_two) by_two[(two * size + one) * size + i] += names;
    }
    ends_seen[place.length] += share * place.weights[end_of_name];
    names_seen[place.length] += static_cast<double>(place.names);
    longest = std::max(longest, place.length);
  };
  if (sample_names(predictor, request, 1, interrupted).names.size() == 0) return;

  choose_size(conditions, longest);
  // Each table is made of distributions, mixed with those of the table for one character less.
  const auto smooth = [size](std::vector<double>& table, const auto& shorter) {
    for (std::size_t row = 0; row < table.size() / size; ++row) {
      double* const numbers = table.data() + row * size;
      double sum = 0.0;
      for (std::size_t i = 0; i < size; ++i) sum += numbers[i];
      for (std::size_t i = 0; i < size; ++i) {
        numbers[i] = (numbers[i] + prior_names * shorter(row, i)) / (sum + prior_names);
      }
    }
  };
  smooth(by_none, [size](std::size_t, std::size_t) { return 1.0 / static_cast<double>(size); });
  smooth(by_one, [&](std::size_t, std::size_t i) { return by_none[i]; });
  smooth(by_two, [&](std::size_t row, std::size_t i) { return by_one[row % size * size + i]; });

  Averages averages{order_ == 2   ? by_two
                    : order_ == 1 ? by_one
                                  : by_none,
                    std::vector<double>(limit + 1, 1.0)};
  const double end_share = by_none[end_of_name];
  for (std::size_t length = 0; length <= limit; ++length) {
    averages.end_tends[length] =
        (ends_seen[length] + prior_names * end_share) / (names_seen[length] + prior_names) / end_share;
  }
  work_out(conditions, averages);
}

// The more characters the averages go by the better, as long as the tables stay small.
void LookAhead::choose_size(const NameConditions& conditions, std::size_t longest_seen) {
  const std::size_t usual = std::max({longest_seen, conditions.min_length(), conditions.prefix().size()});
  const std::size_t needed = usual + fewest_characters(conditions.automaton());
  lengths_ = std::min(conditions.max_length(), needed + 2 * lengths_to_spare) + 1;
  const auto size = static_cast<double>(vocabulary_size_);
  contexts_ = order_ == 2 ? vocabulary_size_ * vocabulary_size_ : order_ == 1 ? vocabulary_size_ : 1;
  while (order_ > 0) {
    const double numbers =
        static_cast<double>(lengths_) * static_cast<double>(contexts_) * static_cast<double>(states_);
    if (numbers <= most_numbers && numbers * size <= most_operations) break;
    --order_;
    contexts_ /= vocabulary_size_;
  }
}

// promise(length, context, state) =
//     sum over characters of next(context, character) * promise(length + 1, context', state')
//     + end(context, length) where a name may end there
//
// Beyond the lengths that are worked out nothing is promised, and the last lengths promise too little for it:
// they are cut off, unless there is nothing beyond.
void LookAhead::work_out(const NameConditions& conditions, const Averages& averages) {
  struct Transition {
    std::size_t state;
    std::size_t character;
    std::size_t after;
  };
  std::vector<Transition> transitions;
  promises_.assign(lengths_ * contexts_ * states_, 0.0);
  for (std::size_t length = lengths_; length-- > 0;) {
    transitions.clear();
    for (std::size_t state = 0; state < states_ && length + 1 < lengths_; ++state) {
      for (std::size_t i = 1; i < vocabulary_size_; ++i) {
        const NameConditions::State after =
            conditions.after(static_cast<NameConditions::State>(state), static_cast<CharacterId>(i), length);
        if (after != NameConditions::no_state) transitions.push_back({state, i, after});
      }
    }
    const double tends = averages.end_tends[std::min(length, averages.end_tends.size() - 1)];
    for (std::size_t context = 0; context < contexts_; ++context) {
      const double* const next = averages.next.data() + context * vocabulary_size_;
      const double end = std::min(next[end_of_name] * tends, 0.9);
      const double others = (1.0 - end) / (1.0 - next[end_of_name]);
      double* const promises = promises_.data() + (length * contexts_ + context) * states_;
      for (const auto& [state, character, after] : transitions) {
        const std::size_t context_after = order_ == 2
                                              ? context % vocabulary_size_ * vocabulary_size_ + character
                                          : order_ == 1 ? character
                                                        : 0;
        promises[state] += others * next[character] *
                           promises_[((length + 1) * contexts_ + context_after) * states_ + after];
      }
      for (std::size_t state = 0; state < states_; ++state) {
        if (conditions.may_end(static_cast<NameConditions::State>(state), length)) promises[state] += end;
      }
    }
  }
  if (lengths_ <= conditions.max_length() && lengths_ > lengths_to_spare) lengths_ -= lengths_to_spare;
}

}  // namespace dinorc
