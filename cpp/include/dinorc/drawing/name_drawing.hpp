// Names drawn under conditions, until there are enough of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dinorc/drawing/look_ahead.hpp"
#include "dinorc/drawing/name_conditions.hpp"
#include "dinorc/drawing/name_request.hpp"
#include "dinorc/drawing/remaining_names.hpp"
#include "dinorc/drawing/share_estimate.hpp"
#include "dinorc/drawing/unwanted_names.hpp"
#include "dinorc/names/name_index.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

// What became of a candidate. The first that holds counts.
enum class Fate : std::uint8_t {
  given,
  unfit,       // its letters or its length are not what the conditions want
  excluded,    // it is a known name
  near,        // it is too much like a known name
  malformed,   // so the caller judged it
  refused,     // so the caller judged it
  duplicate,   // it was given before
  not_chosen,  // from its pool
};
inline constexpr std::size_t fates = 8;

struct DrawingSettings {
  std::uint64_t seed = 0;
  SamplingRules rules = {};
  bool is_unique = true;  // no name comes twice
  std::size_t most_candidates = 0;
};

// Candidates are drawn in rounds of a fixed size, all names of a round from what was left before it. Whatever
// a round has shown to be unwanted or given is then taken out, with its probability; so the names given
// follow the model's own distribution under the conditions, and each round finds more of them. Which names
// are given depends on the seed alone: not on how many are asked for at a time, nor on threads. (Adaptive
// rejection: Parys et al., "Constrained Adaptive Rejection Sampling", 2025.)
//
// Where hardly a candidate meets the conditions, it looks ahead instead: it draws a pool of candidates that
// prefers promising characters, and names from the pool with the weights that make up for it (sampling-
// importance resampling: Rubin, 1987). That is exact only for a pool without end; see report().
class NameDrawing {
 public:
  enum class End { none, complete, no_other_name, most_candidates };

  struct Report {
    End end = End::none;
    std::size_t candidates = 0;
    std::array<std::size_t, fates> counts{};  // of the candidates, by fate
    ShareEstimate share;                      // of the model's names that begin with the prefix
    double pool = 0.0;          // where it looked ahead: as how many independent draws its pools count
    bool tree_is_full = false;  // what is taken out has met its bound of memory, and is drawn again
  };

  // The conditions can be met, and must outlive this object.
  NameDrawing(const NameConditions& conditions, UnwantedNames unwanted, const DrawingSettings& settings);

  // Draws further candidates, about as many as are probably enough for `wanted` further names, unless it has
  // ended. Returns false if it was interrupted: then the drawing is of no more use.
  bool draw(const Predictor& predictor, std::size_t wanted, std::size_t workers,
            const Interrupted& interrupted);

  // Names drawn that met all conditions so far, each for the first time: the caller has to judge them.
  const NameList& questions() const { return questions_; }

  // Whether settle() looks at all verdicts, not only until enough names are accepted.
  bool needs_all_verdicts() const { return look_ahead_.has_value(); }

  // Goes through the candidates in their order, until `wanted` further names are given. There is a verdict
  // for each question, Fate::given or the reason why not.
  SampledNames settle(std::span<const Fate> verdicts, std::size_t wanted);

  const Report& report() const { return report_; }

 private:
  struct Candidate {
    std::uint32_t block;
    std::uint32_t name;    // in the block
    std::uint32_t number;  // among the judged names; none: it was refused before it was a name
  };

  std::size_t next_count(std::size_t wanted) const;
  void look_up(std::uint32_t block);
  Fate first_verdict(CharacterIds name) const;
  Fate fate_of(const Candidate& candidate) const;
  void give(const Candidate& candidate, SampledNames& given);
  void settle_candidates(std::size_t wanted, SampledNames& given);
  void settle_pool(std::size_t wanted, SampledNames& given);
  void count(Fate fate) { ++report_.counts[static_cast<std::size_t>(fate)]; }
  bool is_taking_out_worthwhile() const;
  void end_round();
  void take_out();
  double share_of(const Candidate& candidate) const;
  void add_round_to_share();

  const NameConditions& conditions_;
  UnwantedNames unwanted_;
  DrawingSettings settings_;

  RemainingNames remaining_;
  double share_taken_out_ = 0.0;  // of names that were given
  std::optional<LookAhead> look_ahead_;
  bool wants_look_ahead_ = false;
  std::size_t pools_ = 0;

  // All names drawn, by number: the verdict, and whether they were given, or taken out.
  NameIndex judged_;
  std::vector<Fate> verdicts_;
  std::vector<std::uint8_t> is_given_;
  std::vector<std::uint8_t> is_taken_out_;
  NameList questions_;
  std::vector<std::uint32_t> numbers_asked_;  // of the questions

  std::size_t round_size_;
  std::vector<SampledNames> blocks_;   // of the round
  std::vector<Candidate> candidates_;  // of the round
  std::size_t settled_ = 0;            // how many of them,
  std::size_t fit_ = 0;                // were not refused before they were names,
  std::size_t met_ = 0;                // met all conditions,
  std::size_t given_ = 0;              // were given
  Report report_;
};

}  // namespace dinorc
