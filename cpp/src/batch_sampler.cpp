#include "dinorc/batch_sampler.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "dinorc/kernels.hpp"
#include "dinorc/matrix_multiply.hpp"
#include "dinorc/packed_parameters.hpp"
#include "dinorc/random/philox.hpp"

namespace dinorc {
namespace {

constexpr std::size_t names_at_a_time = 256;

// The number of the term that a uniform number below the sum of all of them falls into, all summed in
// ascending order and in double.
template <typename Real>
std::size_t draw(const Real* terms, std::size_t count, double uniform) {
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) sum += static_cast<double>(terms[i]);
  const double target = uniform * sum;
  double reached = 0.0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    reached += static_cast<double>(terms[i]);
    if (target < reached) return i;
  }
  return count - 1;
}

// One worker's names, some at a time: those that have not ended are the rows of all matrices.
template <typename Real>
class PartSampler {
 public:
  PartSampler(CharacterNetwork<Real>& network, const PackedParameters<Real>& packed)
      : cell_(network.cell()),
        packed_(packed),
        cell_inputs_(names_at_a_time, packed.shape().cell_columns()),
        states_before_(names_at_a_time, packed.shape().state_columns()),
        states_(names_at_a_time, packed.shape().state_columns()),
        exponentials_(names_at_a_time, packed.shape().vocabulary_size) {}

  // Draws names [first, first + names.size()), at most names_at_a_time.
  void sample(std::uint64_t seed, std::size_t first, std::size_t limit,
              std::span<std::vector<CharacterId>> names) {
    std::vector<PhiloxStream> streams;
    active_.clear();
    for (std::size_t i = 0; i < names.size(); ++i) {
      streams.emplace_back(seed, StreamPurpose::sampling, first + i);
      active_.push_back(i);
      std::fill_n(states_before_.view().row(i), states_before_.view().row_stride, Real{0});
    }
    for (std::size_t length = 0; !active_.empty(); ++length) {
      if (length == limit) {
        for (const std::size_t i : active_) names[i].push_back(end_of_name);
        return;
      }
      compute_exponentials(names);
      std::size_t going_on = 0;
      for (std::size_t row = 0; row < active_.size(); ++row) {
        const std::size_t i = active_[row];
        const auto character = static_cast<CharacterId>(
            draw(exponentials_.view().row(row), exponentials_.view().columns, streams[i].next_double()));
        names[i].push_back(character);
        if (character == end_of_name) continue;
        active_[going_on] = i;
        std::copy_n(states_.view().row(row), states_.view().row_stride, states_before_.view().row(going_on));
        ++going_on;
      }
      active_.resize(going_on);
    }
  }

 private:
  // One step of all names that have not ended.
  void compute_exponentials(std::span<const std::vector<CharacterId>> names) {
    const std::size_t rows = active_.size();
    const CellStep<Real> step{cell_inputs_.view().rows_from(0, rows),
                              states_before_.view().rows_from(0, rows), states_.view().rows_from(0, rows)};
    const MatrixView<Real> logits = exponentials_.view().with_padding().rows_from(0, rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::vector<CharacterId>& name = names[active_[row]];
      const CharacterId character = name.empty() ? no_character : name.back();
      std::copy_n(packed_.input(character), step.input.row_stride, step.input.row(row));
      std::copy_n(packed_.output_bias(), logits.row_stride, logits.row(row));
    }
    cell_.forward(packed_.recurrent(), step);
    const MatrixView<const Real> hidden{step.state_after.data, rows, packed_.shape().hidden_size,
                                        step.state_after.row_stride};
    multiply<Real>(hidden, packed_.output_forth(), logits, Start::from_result);
    for (std::size_t row = 0; row < rows; ++row) {
      Real largest{};
      active_kernels<Real>().softmax_terms(logits.row(row), logits.row(row), packed_.shape().vocabulary_size,
                                           &largest);
    }
  }

  const CellOperations<Real>& cell_;
  const PackedParameters<Real>& packed_;
  std::vector<std::size_t> active_;    // the names that have not ended, by row
  AlignedMatrix<Real> cell_inputs_;    // [names_at_a_time][blocks * hidden_size]
  AlignedMatrix<Real> states_before_;  // [names_at_a_time][state_vectors * hidden_size]
  AlignedMatrix<Real> states_;         // [names_at_a_time][state_vectors * hidden_size]
  AlignedMatrix<Real> exponentials_;   // [names_at_a_time][vocabulary_size]
};

}  // namespace

template <typename Real>
NameList sample_names(CharacterNetwork<Real>& network, std::size_t count, std::uint64_t seed,
                      std::size_t limit, std::size_t workers, const Interrupted& interrupted) {
  workers = std::min(workers, count / names_at_a_time + 1);
  ThreadTeam team(workers);
  WorkerGroup group(team, interrupted);
  PackedParameters<Real> packed(network.shape());
  team.run([&](std::size_t index) { packed.pack(network.parameters(), Worker(group, index)); });

  std::vector<PartSampler<Real>> samplers;
  for (std::size_t i = 0; i < workers; ++i) samplers.emplace_back(network, packed);
  std::vector<std::vector<CharacterId>> names(count);
  const std::size_t turn = names_at_a_time * workers;
  for (std::size_t first = 0; first < count; first += turn) {
    const std::span<std::vector<CharacterId>> names_of_turn(names.data() + first,
                                                            std::min(turn, count - first));
    team.run([&](std::size_t index) {
      const Part part = part_of(names_of_turn.size(), index, workers);
      samplers[index].sample(seed, first + part.begin, limit,
                             names_of_turn.subspan(part.begin, part.end - part.begin));
    });
    if (group.wants_end()) return {};
  }

  NameList result;
  for (const std::vector<CharacterId>& name : names) {
    result.characters.insert(result.characters.end(), name.begin(), name.end());
    result.ends.push_back(result.characters.size());
  }
  return result;
}

template NameList sample_names(CharacterNetwork<float>&, std::size_t, std::uint64_t, std::size_t, std::size_t,
                               const Interrupted&);
template NameList sample_names(CharacterNetwork<double>&, std::size_t, std::uint64_t, std::size_t,
                               std::size_t, const Interrupted&);

}  // namespace dinorc
