#include "dinorc/scoring/name_scorer.hpp"

#include <algorithm>
#include <memory>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/names/prefix_tree.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "dinorc/threads/thread_team.hpp"

namespace dinorc {
namespace {

// A worker takes at most this many names, of this many characters, at a time: their states take memory.
constexpr std::size_t most_names = 256;
constexpr std::size_t most_characters = 8192;

// The parts of `order` that are scored at a time, each named by where it ends.
std::vector<std::size_t> ends_of_parts(const NameList& names, std::span<const std::uint32_t> order) {
  std::vector<std::size_t> ends;
  std::size_t begin = 0;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t length = names[order[i]].size();
    if (i > begin && (i - begin == most_names || characters + length > most_characters)) {
      ends.push_back(i);
      begin = i;
      characters = 0;
    }
    characters += length;
  }
  ends.push_back(order.size());
  return ends;
}

double log_probability(const double* next, CharacterId character, double unknown_log_probability) {
  return character == no_character ? unknown_log_probability : next[character];
}

// Scores some names at a time, at most `name_count` of them, for one worker.
class PartScorer {
 public:
  PartScorer(const Predictor& predictor, std::size_t name_count, double unknown_log_probability)
      : predictor_(predictor),
        reader_(predictor.reader(name_count)),
        next_(std::min(name_count, predictor.rows_at_a_time()), predictor.vocabulary_size()),
        unknown_log_probability_(unknown_log_probability) {}

  // `order` is as PrefixTree::build wants it.
  void score(const NameList& names, std::span<const std::uint32_t> order,
             std::span<double> log_probabilities) {
    predict_prefixes(names, order);
    for (std::size_t i = 0; i < order.size(); ++i) {
      log_probabilities[order[i]] = prefixes_[tree_.node_of(i)] + ends_[tree_.node_of(i)];
    }
  }

  // The same for each character: `log_probabilities` has a number for each of the list's.
  void score_each_character(const NameList& names, std::span<const std::uint32_t> order,
                            std::span<double> log_probabilities) {
    predict_prefixes(names, order);
    for (std::size_t i = 0; i < order.size(); ++i) {
      std::size_t place = names.ends[order[i]] - 1;
      PrefixTree::Node node = tree_.node_of(i);
      log_probabilities[place] = ends_[node];
      for (; node != PrefixTree::root; node = tree_.parent(node)) log_probabilities[--place] = nodes_[node];
    }
  }

 private:
  void predict_prefixes(const NameList& names, std::span<const std::uint32_t> order) {
    tree_.build(names, order);
    if (states_.view().rows < tree_.size()) states_ = {tree_.size(), predictor_.state_bytes()};
    prefixes_.resize(tree_.size());
    nodes_.resize(tree_.size());
    ends_.resize(tree_.size());

    prefixes_[PrefixTree::root] = 0.0;
    std::copy_n(predictor_.first_state(), predictor_.state_bytes(), states_.view().data);
    predict(tree_.level(0));
    for (std::size_t depth = 1; depth < tree_.levels(); ++depth) {
      read(tree_.level(depth));
      predict(tree_.level(depth));
    }
  }

  void read(PrefixTree::Range nodes) {
    parents_.clear();
    characters_.clear();
    for (PrefixTree::Node node = nodes.begin; node < nodes.end; ++node) {
      parents_.push_back(tree_.parent(node));
      characters_.push_back(tree_.character(node));
    }
    const StateRows states = states_.view();
    reader_->read(states, parents_, characters_, states.rows_from(nodes.begin, nodes.size()));
  }

  // What each node says of its children and of an end, and the sums up to the children.
  void predict(PrefixTree::Range nodes) {
    const MatrixView<double> next = next_.view();
    for (PrefixTree::Node first = nodes.begin; first < nodes.end;) {
      const std::size_t rows = std::min<std::size_t>(next.rows, nodes.end - first);
      reader_->predict(states_.view().rows_from(first, rows), {.log_probabilities = next});
      for (std::size_t row = 0; row < rows; ++row, ++first) {
        const PrefixTree::Range children = tree_.children(first);
        for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
          nodes_[child] = log_probability(next.row(row), tree_.character(child), unknown_log_probability_);
          prefixes_[child] = prefixes_[first] + nodes_[child];
        }
        ends_[first] = next.row(row)[end_of_name];
      }
    }
  }

  const Predictor& predictor_;
  std::unique_ptr<Reader> reader_;
  AlignedMatrix<double> next_;  // [rows at a time][vocabulary_size], log-probabilities
  double unknown_log_probability_;
  PrefixTree tree_;
  AlignedMatrix<std::byte> states_;      // [nodes][state_bytes]
  std::vector<double> prefixes_;         // [nodes], log-probability of the characters up to each
  std::vector<double> nodes_;            // [nodes], log-probability of the last of these characters,
  std::vector<double> ends_;             // and of an end after them
  std::vector<std::uint32_t> parents_;   // of the nodes of a level,
  std::vector<CharacterId> characters_;  // and the characters that lead there
};

// Calls score(scorer, part of the order) for all parts, on several threads. Returns false if interrupted.
template <typename Score>
bool score_parts(const Predictor& predictor, const NameList& names, double unknown_log_probability,
                 std::size_t workers, const Interrupted& interrupted, Score&& score) {
  const std::vector<std::uint32_t> order = sorted_order(names);
  const std::vector<std::size_t> ends = ends_of_parts(names, order);
  ThreadTeam team(std::min(workers, ends.size()));
  Interruption interruption(interrupted);
  std::vector<PartScorer> scorers;
  for (std::size_t i = 0; i < team.size(); ++i) {
    scorers.emplace_back(predictor, std::min(names.size(), most_names), unknown_log_probability);
  }
  for (std::size_t first = 0; first < ends.size(); first += team.size()) {
    team.run([&](std::size_t index) {
      const std::size_t part = first + index;
      if (part >= ends.size()) return;
      const std::size_t begin = part == 0 ? 0 : ends[part - 1];
      score(scorers[index], std::span(order.data() + begin, ends[part] - begin));
    });
    if (interruption.is_wanted()) return false;
  }
  return true;
}

}  // namespace

bool score_names(const Predictor& predictor, const NameList& names, double unknown_log_probability,
                 std::size_t workers, const Interrupted& interrupted, std::span<double> log_probabilities) {
  return score_parts(predictor, names, unknown_log_probability, workers, interrupted,
                     [&](PartScorer& scorer, std::span<const std::uint32_t> order) {
                       scorer.score(names, order, log_probabilities);
                     });
}

bool score_each_character(const Predictor& predictor, const NameList& names, std::size_t workers,
                          const Interrupted& interrupted, std::span<double> log_probabilities) {
  return score_parts(predictor, names, 0.0, workers, interrupted,
                     [&](PartScorer& scorer, std::span<const std::uint32_t> order) {
                       scorer.score_each_character(names, order, log_probabilities);
                     });
}

std::vector<double> score_characters(const Predictor& predictor, CharacterIds name,
                                     double unknown_log_probability) {
  PrefixReader reader(predictor);
  std::vector<double> log_probabilities;
  for (const CharacterId character : name) {
    log_probabilities.push_back(
        log_probability(reader.log_probabilities(), character, unknown_log_probability));
    if (character != end_of_name) reader.read(character);
  }
  return log_probabilities;
}

}  // namespace dinorc
