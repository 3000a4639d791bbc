#include "dinorc/drawing/most_likely_names.hpp"

#include <cmath>
#include <memory>
#include <stdexcept>
#include <utility>

#include "dinorc/drawing/prefix_frontier.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/prefix_reader.hpp"

namespace dinorc {
namespace {

double checked(double log_probability) {
  if (std::isnan(log_probability)) {
    throw std::domain_error("a probability of the network is not a number; expected finite parameters");
  }
  return log_probability;
}

// A best-first search. The frontier is a set of open prefixes and finished names; every name that has not
// been given out is one of these names, or continues one of these prefixes. The first of all, in the order of
// the frontier, is taken: a name is given out, and a prefix makes way for all that continues it by one
// character, the end of the name included.
//
// No name is more probable than a prefix of it. Its log-probability is that of the prefix with further terms
// added one by one, and no term is above 0. Rounding is monotone: a rounded sum with such a term is never
// above what the term was added to.
//
// So names are given out in the right order. Let name X be the first of the frontier, and name Y continue an
// open prefix P. Y is not more probable than P, nor P than X. Where all three are equally probable, X comes
// before P by a lower character in the same place; Y has the character of P there, and comes after X as well.
//
// Whatever is less probable than each of the `count` best names found so far can't become one of the best,
// nor can what continues it, so it does not enter the frontier. And some open prefixes are continued before
// their turn, together with the first, since that is faster: it changes what is in the frontier, but not what
// it stands for.
class Search {
  using Node = PrefixFrontier::Node;
  using Entry = PrefixFrontier::Entry;
  using State = NameConditions::State;

 public:
  Search(const Predictor& predictor, const NameSearch& search)
      : search_(search),
        state_bytes_(predictor.state_bytes()),
        reader_(predictor.reader(predictor.rows_at_a_time())),
        states_before_(predictor.rows_at_a_time(), state_bytes_),
        states_(predictor.rows_at_a_time(), state_bytes_),
        log_probabilities_(predictor.rows_at_a_time(), predictor.vocabulary_size()),
        frontier_(search.count, state_bytes_) {
    PrefixReader prefix(predictor);
    double log_probability = 0.0;
    State state = NameConditions::first_state;
    std::size_t length = 0;
    for (const CharacterId character : search.conditions.prefix()) {
      log_probability += checked(prefix.log_probabilities()[character]);
      prefix.read(character);
      state = search.conditions.after(state, character, length++);
    }
    frontier_.set_place(PrefixFrontier::first_node, state);
    add_continuations(PrefixFrontier::first_node, log_probability, prefix.log_probabilities(),
                      prefix.state());
  }

  MostLikelyNames run(const Interrupted& interrupted) {
    Interruption interruption(interrupted);
    while (result_.names.size() < search_.count) {
      if (interruption.is_wanted()) return ended(MostLikelyNames::End::interrupted);
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

  void give_out(const Entry& name) {
    const std::vector<CharacterId> characters = characters_of(name.node);
    std::vector<CharacterId>& all = result_.names.characters;
    all.insert(all.end(), characters.begin(), characters.end());
    result_.names.ends.push_back(all.size());
    result_.log_probabilities.push_back(name.log_probability);
  }

  // Of the name that ends at the node.
  std::vector<CharacterId> characters_of(Node node) const {
    std::vector<CharacterId> all = search_.conditions.prefix();
    const std::vector<CharacterId> characters = frontier_.characters(node);
    all.insert(all.end(), characters.begin(), characters.end());
    all.push_back(end_of_name);
    return all;
  }

  bool is_wanted(Node node) const {
    const std::vector<CharacterId> name = characters_of(node);
    return !search_.unwanted.has(name) && !search_.unwanted.has_near(name);
  }

  std::size_t bytes() const {
    return frontier_.bytes() + result_.names.characters.size() * sizeof(CharacterId) +
           result_.names.size() * (sizeof(std::size_t) + sizeof(double));
  }

  // Takes the first open prefixes and adds what continues them.
  void go_on() {
    const StateRows states_before = states_before_.view();
    prefixes_.clear();
    rows_.clear();
    characters_.clear();
    while (prefixes_.size() < states_before.rows && frontier_.has_prefix() &&
           frontier_.is_of_use(frontier_.first_prefix().log_probability)) {
      const Entry prefix = frontier_.take_prefix();
      const std::vector<std::byte>& state = frontier_.state(prefix.node);
      std::copy(state.begin(), state.end(), states_before.row(prefixes_.size()));
      rows_.push_back(static_cast<std::uint32_t>(prefixes_.size()));
      prefixes_.push_back(prefix);
      characters_.push_back(prefix.character);
    }
    const StateRows states = states_.view().rows_from(0, prefixes_.size());
    reader_->read(states_before, rows_, characters_, states);
    reader_->predict(states, {.log_probabilities = log_probabilities_.view()});
    for (std::size_t row = 0; row < prefixes_.size(); ++row) {
      const Node node = frontier_.open_node(prefixes_[row]);
      const std::size_t length_before = search_.conditions.prefix().size() + frontier_.depth(node) - 1;
      frontier_.set_place(node, search_.conditions.after(frontier_.place(prefixes_[row].node),
                                                         prefixes_[row].character, length_before));
      add_continuations(node, prefixes_[row].log_probability, log_probabilities_.view().row(row),
                        states.row(row));
    }
  }

  // Adds what continues an open node, by the log-probabilities of the characters after it, and closes it.
  void add_continuations(Node node, double log_probability, const double* next, const std::byte* state) {
    const std::size_t length = search_.conditions.prefix().size() + frontier_.depth(node);
    const State place = frontier_.place(node);
    const double end = log_probability + checked(next[end_of_name]);
    if (search_.conditions.may_end(place, length) && !std::isinf(end) && frontier_.is_of_use(end) &&
        is_wanted(node)) {
      frontier_.add({end, node, end_of_name});
    }
    for (std::size_t i = 1; i < log_probabilities_.view().columns; ++i) {
      const auto character = static_cast<CharacterId>(i);
      const double sum = log_probability + checked(next[i]);
      if (std::isinf(sum) || search_.conditions.after(place, character, length) == NameConditions::no_state) {
        continue;
      }
      frontier_.add({sum, node, character});
    }
    frontier_.close_node(node, state);
  }

  const NameSearch& search_;
  std::size_t state_bytes_;
  std::unique_ptr<Reader> reader_;
  AlignedMatrix<std::byte> states_before_;   // [rows at a time][state_bytes]
  AlignedMatrix<std::byte> states_;          // [rows at a time][state_bytes]
  AlignedMatrix<double> log_probabilities_;  // [rows at a time][vocabulary_size]
  PrefixFrontier frontier_;
  std::vector<Entry> prefixes_;  // that are being continued, by row
  std::vector<std::uint32_t> rows_;
  std::vector<CharacterId> characters_;
  MostLikelyNames result_;
};

}  // namespace

MostLikelyNames most_likely_names(const Predictor& predictor, const NameSearch& search,
                                  const Interrupted& interrupted) {
  return Search(predictor, search).run(interrupted);
}

}  // namespace dinorc
