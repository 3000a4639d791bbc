// Draws some names together, so that equal prefixes share their work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "dinorc/drawing/name_request.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/random/philox.hpp"

namespace dinorc {

// Equal prefixes have equal states: names that are the same so far share a node, whose state and weights are
// computed once. Nodes of one length are given their children some at a time; these come next, and theirs,
// and then the other nodes of that length. So many names can share prefixes while few states lie in memory.
class NameBlockSampler {
 public:
  // For up to `capacity` names at a time; predictor and request must outlive this object.
  NameBlockSampler(const Predictor& predictor, const NameRequest& request, std::size_t capacity);

  // Draws names number first, ..., first + count - 1. Asks `wants_end` every now and then; once that is true,
  // returns no names. Throws std::domain_error where, under conditions, a probability is not a number.
  SampledNames sample(std::uint64_t first, std::size_t count, const std::function<bool()>& wants_end);

 private:
  // A prefix: that of the parent and one more character. The root is the empty one.
  struct Node {
    std::uint32_t parent;
    CharacterId character;
    NameConditions::State state;  // under conditions
    double weight;                // where it looks ahead: how much likelier the model makes it than the draw
  };

  // The children of nodes that were grown together. Their states are computed when they grow themselves.
  struct Generation {
    std::size_t length = 0;                   // of the prefixes
    std::size_t begin = 0;                    // its first node
    std::size_t next = 0;                     // the first of its nodes that is yet to be grown
    std::vector<std::uint32_t> names;         // that begin so, those of a node side by side
    std::vector<std::uint32_t> names_begins;  // [nodes + 1], where those of a node begin
    std::size_t parents_begin = 0;            // the first of the parents
    AlignedMatrix<std::byte> parents_states;  // [nodes grown together][state_bytes]

    std::size_t end() const { return begin + names_begins.size() - 1; }
  };

  void begin(std::uint64_t first, std::size_t count);
  bool grow(std::size_t count, const std::function<bool()>& wants_end);
  void forget_nodes_from(std::size_t begin);
  void begin_children(std::size_t parents_begin);
  void grow_node(std::size_t node, std::size_t row);
  void read(std::size_t first, std::size_t count);
  void weigh_characters(std::size_t node, std::size_t row);
  void weigh_wanted_characters(std::size_t node);
  void begin_visit(std::size_t node);
  void leave_out_what_is_taken(RemainingNames::Visit& visit);
  void look_ahead(std::size_t node);
  void draw_characters(std::size_t node, std::size_t row);
  void add_child(std::size_t node, std::size_t row, CharacterId character, std::size_t name_count);
  void add_visit(std::size_t node, CharacterId character);
  void end_name(std::uint32_t name, std::size_t node, std::size_t row);
  void refuse(std::uint32_t name);
  double weight_with(std::size_t node, CharacterId character) const;
  double log_probability_with(std::size_t node, std::size_t row, CharacterId character) const;
  std::span<const std::uint32_t> names_of(std::size_t node) const;
  NameList ended_names() const;
  SampledNames result();

  const std::vector<CharacterId>& prefix() const;
  bool is_cut_off_here() const {
    return request_.wanted.conditions == nullptr && length_ == request_.max_length;
  }
  RemainingNames::Visit& visit_of(std::size_t node) { return visits_[node - prefix().size()]; }

  const Predictor& predictor_;
  const NameRequest& request_;
  CharacterWeights rules_;

  std::vector<Node> nodes_;                    // parents before children; those that are still needed
  std::vector<RemainingNames::Visit> visits_;  // by node, from that of the prefix on; where asked for
  std::vector<double> log_probabilities_;      // by node, of its characters
  std::vector<Generation> generations_;        // with nodes yet to be grown: those of the last one come next
  std::vector<Generation> spare_generations_;  // whose memory can be used again
  Generation children_;                        // of the nodes that grow
  std::size_t length_ = 0;                     // of these

  PhiloxStreams streams_;                        // by name
  std::vector<CharacterId> ended_characters_;    // of the names that have ended, as they came
  std::vector<std::size_t> begins_;              // by name: the place of its characters there,
  std::vector<std::size_t> lengths_;             // their number,
  std::vector<double> ended_log_probabilities_;  // and the name's log-probability, its end included
  std::vector<double> ended_weights_;            // and its weight, where it looks ahead
  std::vector<std::size_t> ends_in_;             // the node that it ends in, where what remains is known
  std::vector<std::uint8_t> is_refused_;         // by name, under conditions

  // Of the node that names are drawn from:
  std::span<const double> weights_;   // [vocabulary_size], by the rules
  std::vector<double> by_rules_;      // the same, where these change anything
  double whole_ = 0.0;                // their sum
  std::vector<double> wanted_;        // [vocabulary_size], weights of what is wanted, and left or promising
  std::span<const double> drawable_;  // one of these: what has no weight is refused
  std::vector<double> cumulative_;    // [vocabulary_size], the weights to draw by, added up
  std::vector<NameConditions::State> next_states_;   // [vocabulary_size], under conditions:
  NameConditions::State next_states_from_;           // of this state, or of none yet at this length;
  bool wants_all_ = false;                           // whether it leads on with every character, and may end
  std::vector<RemainingNames::Node> kept_children_;  // [vocabulary_size], none between nodes
  std::vector<double> promises_;                     // [vocabulary_size], where it looks ahead

  std::vector<CharacterId> drawn_;     // for the names of a node; no_character: refused
  std::vector<CharacterId> distinct_;  // the distinct ones of these, in the order in which they came
  std::vector<std::uint32_t> counts_;  // [vocabulary_size], zero between nodes

  std::unique_ptr<Reader> reader_;
  std::vector<std::uint32_t> parents_;   // [rows at a time], the states that the rows are read from,
  std::vector<CharacterId> characters_;  // and what they read
  AlignedMatrix<double> predicted_;      // [rows at a time][vocabulary_size], what the rules need
  AlignedMatrix<double> next_;           // the same shape: log-probabilities, where wanted
  std::size_t nodes_together_;           // how many may grow at a time
};

}  // namespace dinorc
