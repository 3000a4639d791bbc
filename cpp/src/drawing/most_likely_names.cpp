#include "dinorc/drawing/most_likely_names.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "dinorc/drawing/prefix_frontier.hpp"
#include "dinorc/predictors/next_characters.hpp"

namespace dinorc {
namespace {

// Prefixes that are continued together: enough for the products to be fast, and no more numbers than stay in
// a cache.
std::size_t prefixes_at_a_time(std::size_t vocabulary_size) {
  return std::clamp<std::size_t>(65'536 / vocabulary_size, 1, 64);
}

double checked(double log_probability) {
  if (std::isnan(log_probability)) {
    throw std::domain_error("a probability of the network is not a number; expected finite parameters");
  }
  return log_probability;
}

// A best-first search. What is before it, the frontier, is a set of open prefixes and finished names; every
// name that has not been given out is one of these names, or continues one of these prefixes. The first of
// all, in the order of the frontier, is taken: a name is given out, and a prefix makes way for all that it is
// continued by, its end included.
//
// No name is more probable than a prefix of it. Its log-probability is that of the prefix with further terms
// added one by one, and no term is above 0: a logit less the largest one is at most 0, and the logarithm that
// is subtracted at least 0, as of a sum of 1 and of terms that are not negative. Rounding is monotone: a
// rounded sum with such a term is never above what the term was added to.
//
// So names are given out in the right order. Let name X be the first of the frontier, and name Y continue an
// open prefix P. Y is not more probable than P, nor P than X. Where all three are equally probable, X comes
// before P by a lower character in the same place; Y has the character of P there, and comes after X as well.
//
// What is below the least of the `count` best names found so far can't become one of the best, nor can what
// continues it, and does not come into the frontier. And some open prefixes are continued before it is their
// turn, together with the first, as this is fast: that changes what is in the frontier, but not what it
// stands for.
template <typename Real>
class Search {
  using Frontier = PrefixFrontier<Real>;
  using Node = typename Frontier::Node;
  using Entry = typename Frontier::Entry;

 public:
  Search(CharacterNetwork<Real>& network, const NameSearch& search)
      : search_(search),
        vocabulary_size_(network.shape().vocabulary_size),
        state_size_(network.shape().state_columns()),
        first_input_(network.shape().first_input()),
        rows_(prefixes_at_a_time(vocabulary_size_)),
        next_(network, rows_),
        log_probability_(read_all_but_the_last()),
        frontier_(search.count, next_.states_before().row(0), state_size_) {
    frontier_.add({log_probability_, Frontier::first_node,
                   search_.prefix.empty() ? no_character : search_.prefix.back()});
  }

  MostLikelyNames run(const Interrupted& interrupted) {
    ThreadTeam team(1);
    WorkerGroup group(team, interrupted);
    while (result_.names.size() < search_.count) {
      if (group.wants_end()) return ended(MostLikelyNames::End::interrupted);
      if (frontier_.has_next_name()) {
        give_out(frontier_.take_name());
      } else if (!frontier_.has_prefix()) {
        break;
      } else if (bytes() > search_.most_bytes) {
        return ended(MostLikelyNames::End::out_of_memory);
      } else {
        go_on();
      }
    }
    return ended(MostLikelyNames::End::complete);
  }

 private:
  MostLikelyNames ended(MostLikelyNames::End end) {
    result_.end = end;
    return std::move(result_);
  }

  // Leaves in row 0 of states_before() what the prefix's last character is to be read from: the first node.
  // Returns the log-probability of the whole prefix.
  double read_all_but_the_last() {
    double log_probability = 0.0;
    if (search_.prefix.empty()) return log_probability;  // the zero state
    next_.begin_prefix();
    for (const CharacterId character : search_.prefix) {
      next_.predict(1);
      log_probability += checked(static_cast<double>(next_.log_probabilities(0)[character]));
      next_.go_on(character);
    }
    return log_probability;
  }

  void give_out(const Entry& name) {
    const std::vector<CharacterId> characters = frontier_.characters(name.node);
    std::vector<CharacterId>& all = result_.names.characters;
    all.insert(all.end(), search_.prefix.begin(), search_.prefix.end());
    all.insert(all.end(), characters.begin() + 1, characters.end());  // the first is the prefix's last
    all.push_back(end_of_name);
    result_.names.ends.push_back(all.size());
    result_.log_probabilities.push_back(name.log_probability);
  }

  std::size_t bytes() const {
    return frontier_.bytes() + result_.names.characters.size() * sizeof(CharacterId) +
           result_.names.size() * (sizeof(std::size_t) + sizeof(double));
  }

  // Takes the first open prefixes and adds what continues them.
  void go_on() {
    prefixes_.clear();
    characters_.clear();
    while (prefixes_.size() < rows_ && frontier_.has_prefix() &&
           frontier_.is_of_use(frontier_.first_prefix().log_probability)) {
      const Entry prefix = frontier_.take_prefix();
      const std::vector<Real>& state = frontier_.state(prefix.node);
      std::copy(state.begin(), state.end(), next_.states_before().row(prefixes_.size()));
      prefixes_.push_back(prefix);
      characters_.push_back(prefix.character == no_character ? first_input_ : prefix.character);
    }
    next_.read(characters_);
    next_.predict(prefixes_.size());
    for (std::size_t row = 0; row < prefixes_.size(); ++row) add_continuations(row);
  }

  void add_continuations(std::size_t row) {
    const double log_probability = prefixes_[row].log_probability;
    const Real* const next = next_.log_probabilities(row);
    const Node node = frontier_.open_node(prefixes_[row]);
    const std::size_t length = search_.prefix.size() + frontier_.depth(node) - 1;
    const std::size_t first = length == 0 ? 1 : 0;
    const std::size_t end = length == search_.limit ? 1 : vocabulary_size_;
    for (std::size_t character = first; character < end; ++character) {
      const double sum = log_probability + checked(static_cast<double>(next[character]));
      if (!std::isinf(sum)) frontier_.add({sum, node, static_cast<CharacterId>(character)});
    }
    frontier_.close_node(node, next_.states().row(row));
  }

  const NameSearch& search_;
  std::size_t vocabulary_size_;
  std::size_t state_size_;
  CharacterId first_input_;  // is read for the empty prefix, which has no last character
  std::size_t rows_;
  NextCharacters<Real> next_;
  double log_probability_;  // of the prefix
  Frontier frontier_;
  std::vector<Entry> prefixes_;  // that are being continued, by row
  std::vector<CharacterId> characters_;
  MostLikelyNames result_;
};

}  // namespace

template <typename Real>
MostLikelyNames most_likely_names(CharacterNetwork<Real>& network, const NameSearch& search,
                                  const Interrupted& interrupted) {
  return Search<Real>(network, search).run(interrupted);
}

template MostLikelyNames most_likely_names(CharacterNetwork<float>&, const NameSearch&, const Interrupted&);
template MostLikelyNames most_likely_names(CharacterNetwork<double>&, const NameSearch&, const Interrupted&);

}  // namespace dinorc
