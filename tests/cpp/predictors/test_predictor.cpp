// What every predictor promises: the same bits for one prefix or many at a time, and log-probabilities.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "check.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "predictor_registry.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;

std::vector<Name> usual_prefixes() {
  std::vector<Name> prefixes = made_up_names(40, vocabulary_size, 9, 201);
  for (Name& prefix : prefixes) prefix.pop_back();
  prefixes.push_back({});
  return prefixes;
}

TEST("what may follow has the bits of the scorer, and sums to one") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const double tolerance = predictor.float_type() == FloatType::float64 ? 1e-14 : 1e-6;
    for (const Name& prefix : usual_prefixes()) {
      const std::vector<double> next = next_character_log_probabilities(predictor, prefix);
      CHECK_EQUAL(next.size(), vocabulary_size);
      double sum = 0.0;
      for (std::size_t character = 0; character < vocabulary_size; ++character) {
        Name name = prefix;
        name.push_back(static_cast<CharacterId>(character));
        if (character != end_of_name) name.push_back(end_of_name);
        CHECK_SAME_BITS(next[character], score_characters(predictor, name, -9.0)[prefix.size()]);
        CHECK(next[character] <= 0.0);
        sum += std::exp(next[character]);
      }
      CHECK_NEAR(sum, 1.0, tolerance);
    }
  });
}

TEST("every instruction set gives the same bits") {
  check_every_instruction_set(vocabulary_size, [](const Predictor& predictor) {
    std::vector<std::vector<double>> next;
    for (const Name& prefix : usual_prefixes()) {
      next.push_back(next_character_log_probabilities(predictor, prefix));
    }
    return next;
  });
}

// Rows of one call: parents that come once, several times in a row, and again later.
TEST("a row depends on no other row, and parents may be shared") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const std::vector<Name> prefixes = usual_prefixes();
    AlignedMatrix<std::byte> parents_states(prefixes.size(), predictor.state_bytes());
    for (std::size_t i = 0; i < prefixes.size(); ++i) {
      PrefixReader alone(predictor);
      for (const CharacterId character : prefixes[i]) alone.read(character);
      std::copy_n(alone.state(), predictor.state_bytes(), parents_states.view().row(i));
    }
    std::vector<std::uint32_t> parents;
    std::vector<CharacterId> characters;
    for (std::uint32_t parent = 0; parent < prefixes.size(); ++parent) {
      for (std::uint32_t child = 0; child <= parent % 3; ++child) {
        parents.push_back(parent);
        characters.push_back(static_cast<CharacterId>(1 + (parent + child) % (vocabulary_size - 1)));
      }
    }
    parents.push_back(0);
    characters.push_back(no_character);
    const std::size_t rows = parents.size();
    AlignedMatrix<std::byte> states(rows, predictor.state_bytes());
    AlignedMatrix<double> logits(rows, vocabulary_size), terms(rows, vocabulary_size),
        log_probabilities(rows, vocabulary_size);
    const std::unique_ptr<Reader> together = predictor.reader(rows);
    together->read(parents_states.view(), parents, characters, states.view());
    together->predict(states.view(), {logits.view(), terms.view(), log_probabilities.view()});
    for (std::size_t row = 0; row < rows; ++row) {
      Name longer = prefixes[parents[row]];
      longer.push_back(characters[row]);
      const double* const nats = log_probabilities.view().row(row);
      CHECK_SAME_BITS(std::vector<double>(nats, nats + vocabulary_size),
                      next_character_log_probabilities(predictor, longer));
    }

    // Any may be left out, and few rows have the bits of many.
    AlignedMatrix<double> one(1, vocabulary_size);
    const std::unique_ptr<Reader> alone = predictor.reader(1);
    for (std::size_t row = 0; row < rows; ++row) {
      alone->predict(states.view().rows_from(row, 1), {.logits = one.view()});
      CHECK_SAME_BITS((VectorView<double>{one.view().data, vocabulary_size}),
                      (VectorView<double>{logits.view().row(row), vocabulary_size}));
      alone->predict(states.view().rows_from(row, 1), {.terms = one.view()});
      CHECK_SAME_BITS((VectorView<double>{one.view().data, vocabulary_size}),
                      (VectorView<double>{terms.view().row(row), vocabulary_size}));
      alone->predict(states.view().rows_from(row, 1), {.log_probabilities = one.view()});
      CHECK_SAME_BITS((VectorView<double>{one.view().data, vocabulary_size}),
                      (VectorView<double>{log_probabilities.view().row(row), vocabulary_size}));
    }
  });
}

std::vector<double> row_of(AlignedMatrix<double>& matrix) {
  return {matrix.view().data, matrix.view().data + matrix.view().columns};
}

template <typename Real>
std::vector<double> softmax_terms(const std::vector<double>& logits) {
  std::vector<Real> terms(logits.begin(), logits.end());
  const MatrixView<Real> row{terms.data(), 1, terms.size(), terms.size()};
  Real largest{};
  active_kernels<Real>().softmax_terms(row, row, &largest);
  return {terms.begin(), terms.end()};
}

TEST("the probabilities are the softmax of the logits") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const double tolerance = predictor.float_type() == FloatType::float64 ? 1e-13 : 1e-5;
    AlignedMatrix<double> logits(1, vocabulary_size), terms(1, vocabulary_size),
        log_probabilities(1, vocabulary_size);
    AlignedMatrix<std::byte> state(1, predictor.state_bytes());
    std::copy_n(predictor.first_state(), predictor.state_bytes(), state.view().data);
    predictor.reader(1)->predict(state.view(), {logits.view(), terms.view(), log_probabilities.view()});
    double sum = 0.0;
    for (std::size_t i = 0; i < vocabulary_size; ++i) sum += std::exp(logits.view()(0, i));
    CHECK_EQUAL(row_of(terms), predictor.float_type() == FloatType::float64
                                   ? softmax_terms<double>(row_of(logits))
                                   : softmax_terms<float>(row_of(logits)));
    for (std::size_t i = 0; i < vocabulary_size; ++i) {
      const double log_probability = log_probabilities.view()(0, i);
      if (!std::isinf(log_probability)) {
        CHECK_NEAR(log_probability, logits.view()(0, i) - std::log(sum), tolerance);
      } else {
        CHECK_SAME_BITS(logits.view()(0, i), log_probability);
      }
    }
  });
}

}  // namespace
}  // namespace dinorc::check
