#include "dinorc/drawing/name_drawing.hpp"

#include <algorithm>
#include <utility>

#include "dinorc/drawing/name_sampling.hpp"

namespace dinorc {
namespace {

constexpr std::size_t first_round = 16;
constexpr std::size_t largest_round = 16384;

// Taking out costs more than some candidates. It pays where whole names come again and again, and where
// beginnings that lead nowhere do: the first rounds, which are small, show whether these are many.
constexpr double refused_worth_taking_out = 0.25;
constexpr std::size_t round_always_taken_out = 1024;
constexpr double taken_out_worth_going_on = 0.1;
constexpr std::size_t most_bytes_of_tree = std::size_t{1} << 25;

// It looks ahead once a round of some size has fewer fit candidates than this; but not where the names that
// were given already are most of what it would find again.
constexpr std::size_t least_round_to_judge_by = 1024;
constexpr double fewest_fit = 0.005;
constexpr std::size_t first_pool = 4096;
constexpr std::size_t largest_pool = 16384;
constexpr double draws_behind_a_name = 4.0;  // of a pool, as independent ones count

// So many names before one is looked up, the processor is told where.
constexpr std::size_t names_ahead = 16;

}  // namespace

NameDrawing::NameDrawing(const NameConditions& conditions, UnwantedNames unwanted,
                         const DrawingSettings& settings)
    : conditions_(conditions),
      unwanted_(std::move(unwanted)),
      settings_(settings),
      round_size_(first_round) {}

// How many candidates will probably be enough, with some to spare, but not beyond the round.
std::size_t NameDrawing::next_count(std::size_t wanted) const {
  const std::size_t most =
      std::min(round_size_ - candidates_.size(), settings_.most_candidates - report_.candidates);
  if (look_ahead_) return most;
  const double given = static_cast<double>(report_.counts[static_cast<std::size_t>(Fate::given)]);
  const double share = (given + 1.0) / (static_cast<double>(report_.candidates) + 1.0);
  const double probable = 1.1 * static_cast<double>(wanted) / share + 8.0;
  return probable < static_cast<double>(most) ? static_cast<std::size_t>(probable) : most;
}

bool NameDrawing::draw(const Predictor& predictor, std::size_t wanted, std::size_t workers,
                       const Interrupted& interrupted) {
  questions_ = {};
  numbers_asked_.clear();
  if (report_.end != End::none) return true;
  if (wants_look_ahead_ && !look_ahead_) {
    report_.share = {};  // of draws that hardly ever met the conditions
    look_ahead_.emplace(predictor, conditions_, settings_.rules, settings_.seed, interrupted);
    if (!look_ahead_->is_ready()) return false;
  }
  NameRequest request{.seed = settings_.seed,
                      .first = report_.candidates,
                      .count = next_count(wanted),
                      .rules = settings_.rules,
                      .wants_log_probabilities = true,
                      .wanted = {.conditions = &conditions_}};
  if (look_ahead_) {
    request.wanted.look_ahead = &*look_ahead_;
  } else {
    request.wanted.remaining = &remaining_;
  }
  std::vector<SampledNames> blocks = sample_blocks(predictor, request, workers, interrupted);
  if (blocks.empty()) return false;
  for (SampledNames& block : blocks) {
    blocks_.push_back(std::move(block));
    look_up(static_cast<std::uint32_t>(blocks_.size() - 1));
  }
  return true;
}

// Finds the numbers of a block's names, and what is new among them.
void NameDrawing::look_up(std::uint32_t block) {
  const SampledNames& sampled = blocks_[block];
  std::vector<std::uint32_t> hashes;
  for (std::size_t i = 0; i < sampled.names.size(); ++i) {
    hashes.push_back(NameIndex::hash_of(sampled.names[i]));
  }
  for (std::uint32_t i = 0; i < sampled.names.size(); ++i) {
    if (i + names_ahead < hashes.size()) judged_.expect(hashes[i + names_ahead]);
    Candidate candidate{block, i, NameIndex::none};
    if (sampled.is_refused[i] == 0) {
      const CharacterIds name = sampled.names[i];
      candidate.number = judged_.add(name, hashes[i]);
      if (candidate.number == verdicts_.size()) {
        verdicts_.push_back(first_verdict(name));
        is_given_.push_back(0);
        is_taken_out_.push_back(0);
        if (verdicts_.back() == Fate::given) {
          questions_.characters.insert(questions_.characters.end(), name.begin(), name.end());
          questions_.ends.push_back(questions_.characters.size());
          numbers_asked_.push_back(candidate.number);
        }
      }
    }
    candidates_.push_back(candidate);
  }
}

// `given` as far as the known names can tell.
Fate NameDrawing::first_verdict(CharacterIds name) const {
  return unwanted_.has(name) ? Fate::excluded : unwanted_.has_near(name) ? Fate::near : Fate::given;
}

SampledNames NameDrawing::settle(std::span<const Fate> verdicts, std::size_t wanted) {
  for (std::size_t i = 0; i < numbers_asked_.size(); ++i) verdicts_[numbers_asked_[i]] = verdicts[i];
  numbers_asked_.clear();
  SampledNames given;
  if (look_ahead_) {
    settle_pool(wanted, given);
  } else {
    settle_candidates(wanted, given);
  }
  const bool is_last = report_.candidates == settings_.most_candidates;
  if (given.names.size() == wanted) {
    report_.end = End::complete;
  } else if (is_last) {
    report_.end = End::most_candidates;
  }
  const bool is_whole_round = candidates_.size() == round_size_;
  if (!look_ahead_ && (is_whole_round || report_.end != End::none)) add_round_to_share();
  if (is_whole_round && report_.end != End::complete) end_round();
  return given;
}

Fate NameDrawing::fate_of(const Candidate& candidate) const {
  if (candidate.number == NameIndex::none) return Fate::unfit;
  const Fate verdict = verdicts_[candidate.number];
  return verdict == Fate::given && settings_.is_unique && is_given_[candidate.number] != 0 ? Fate::duplicate
                                                                                           : verdict;
}

void NameDrawing::give(const Candidate& candidate, SampledNames& given) {
  const SampledNames& block = blocks_[candidate.block];
  const CharacterIds name = block.names[candidate.name];
  given.names.characters.insert(given.names.characters.end(), name.begin(), name.end());
  given.names.ends.push_back(given.names.characters.size());
  given.log_probabilities.push_back(block.log_probabilities[candidate.name]);
  is_given_[candidate.number] = 1;
  ++given_;
}

void NameDrawing::settle_candidates(std::size_t wanted, SampledNames& given) {
  const std::size_t first = settled_;
  while (settled_ < candidates_.size() && given.names.size() < wanted) {
    const Candidate& candidate = candidates_[settled_++];
    const Fate fate = fate_of(candidate);
    count(fate);
    if (fate != Fate::unfit) ++fit_;
    if (fate == Fate::given || fate == Fate::duplicate) ++met_;
    if (fate == Fate::given) give(candidate, given);
  }
  report_.candidates += settled_ - first;
}

// All at once, so that it makes no difference how many were asked for at a time.
void NameDrawing::add_round_to_share() {
  report_.share.add_draws(share_taken_out_, remaining_.left(), static_cast<double>(met_),
                          static_cast<double>(settled_));
}

// Names are chosen from the pool by their weights, as many as the pool has independent draws to choose from.
void NameDrawing::settle_pool(std::size_t wanted, SampledNames& given) {
  double sum = 0.0;
  double squares = 0.0;
  std::vector<double> cumulative;
  for (const Candidate& candidate : candidates_) {
    const Fate fate = fate_of(candidate);
    const bool is_met = fate == Fate::given || fate == Fate::duplicate;
    count(fate == Fate::given ? Fate::not_chosen : fate);
    const double weight = is_met ? blocks_[candidate.block].weights[candidate.name] : 0.0;
    sum += weight;
    squares += weight * weight;
    cumulative.push_back(sum);
  }
  report_.candidates += candidates_.size();
  report_.share.add_weighted(sum, squares, static_cast<double>(candidates_.size()));
  if (!(squares > 0.0)) return;
  const double draws = sum * sum / squares;
  report_.pool += draws;
  const auto most = static_cast<std::size_t>(std::max(1.0, draws / draws_behind_a_name));
  PhiloxStream stream(settings_.seed, StreamPurpose::choosing, pools_);
  std::size_t chosen = 0;
  for (std::size_t tries = 0; tries < 16 * most && chosen < most && given.names.size() < wanted; ++tries) {
    const double target = stream.next_double() * sum;
    const auto place = std::upper_bound(cumulative.begin(), cumulative.end(), target) - cumulative.begin();
    const Candidate& candidate = candidates_[static_cast<std::size_t>(place)];
    if (fate_of(candidate) != Fate::given) continue;
    give(candidate, given);
    --report_.counts[static_cast<std::size_t>(Fate::not_chosen)];
    count(Fate::given);
    ++chosen;
  }
}

bool NameDrawing::is_taking_out_worthwhile() const {
  const double least = refused_worth_taking_out * static_cast<double>(round_size_);
  if (static_cast<double>(fit_ - given_) >= least) return true;
  return static_cast<double>(round_size_ - given_) >= least &&
         (round_size_ <= round_always_taken_out || remaining_.left() <= 1.0 - taken_out_worth_going_on);
}

void NameDrawing::end_round() {
  const auto size = static_cast<double>(round_size_);
  if (look_ahead_) {
    ++pools_;
    round_size_ = std::min(2 * round_size_, largest_pool);
  } else {
    if (is_taking_out_worthwhile()) take_out();
    wants_look_ahead_ = round_size_ >= least_round_to_judge_by &&
                        static_cast<double>(fit_) < fewest_fit * size &&
                        share_taken_out_ < fewest_fit * remaining_.left();
    round_size_ = wants_look_ahead_ ? first_pool : std::min(2 * round_size_, largest_round);
  }
  blocks_.clear();
  candidates_.clear();
  settled_ = fit_ = met_ = given_ = 0;
}

// From what remains: names that are not wanted, and names given that may not come twice. Where a name was
// drawn again, it was left in before.
void NameDrawing::take_out() {
  report_.tree_is_full = report_.tree_is_full || remaining_.bytes() > most_bytes_of_tree;
  if (report_.tree_is_full) return;
  std::vector<std::uint32_t> ends;
  std::size_t i = 0;
  for (std::uint32_t block = 0; block < blocks_.size(); ++block) {
    ends.clear();
    for (; i < candidates_.size() && candidates_[i].block == block; ++i) {
      const Candidate& candidate = candidates_[i];
      if (candidate.number == NameIndex::none) continue;
      const bool is_wanted = verdicts_[candidate.number] == Fate::given;
      if (is_wanted && !settings_.is_unique) continue;
      ends.push_back(blocks_[block].ends_in[candidate.name]);
      if (is_taken_out_[candidate.number] != 0) continue;
      is_taken_out_[candidate.number] = 1;
      if (is_wanted) share_taken_out_ += share_of(candidate);
    }
    remaining_.add(blocks_[block].visits, ends);
  }
  remaining_.settle();
  if (!remaining_.is_empty()) return;
  report_.end = End::no_other_name;
  const auto draws = static_cast<double>(report_.candidates);
  report_.share = {.draws = draws, .sum = draws * share_taken_out_};  // as nothing else is left
}

double NameDrawing::share_of(const Candidate& candidate) const {
  const SampledNames& block = blocks_[candidate.block];
  std::uint32_t place = block.ends_in[candidate.name];
  double share = block.visits[place].end_share;
  for (; place != 0; place = block.visits[place].parent) share *= block.visits[place].share;
  return share;
}

}  // namespace dinorc
