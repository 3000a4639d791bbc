// The flat buffer of a network's parameters: its parts cover it, and nothing else.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "check.hpp"
#include "made_up_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
struct NamedPart {
  const char* name;
  MatrixView<Real> numbers;
};

template <typename Real>
std::vector<NamedPart<Real>> parts_of(NetworkParameters<Real>& parameters) {
  const auto row = [](VectorView<Real> vector) {
    return MatrixView<Real>{vector.data, 1, vector.size, vector.size};
  };
  return {{"embedding", parameters.embedding()},
          {"input_weights", parameters.input_weights()},
          {"recurrent_weights", parameters.recurrent_weights()},
          {"output_weights", parameters.output_weights()},
          {"bias", row(parameters.bias())},
          {"output_bias", row(parameters.output_bias())}};
}

TEST("the parts lie one after the other, without gaps, from end to end") {
  for_each_type([]<typename Real>() {
    for_each_cell_and_embedding<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size) {
      for (const std::size_t vocabulary_size : {2, 7, 27}) {
        for (const std::size_t hidden_size : {1, 5, 33}) {
          const Context context("vocabulary ", vocabulary_size, ", hidden size ", hidden_size);
          CharacterNetwork<Real> network(cell, vocabulary_size, hidden_size, embedding_size);
          NetworkParameters<Real>& parameters = network.parameters();
          const VectorView<Real> all = parameters.all();
          CHECK_EQUAL(reinterpret_cast<std::uintptr_t>(all.data) % alignment_bytes, 0);
          CHECK_SAME_BITS(all, std::vector<Real>(all.size));
          const Real* next = all.data;
          for (const NamedPart<Real>& part : parts_of(parameters)) {
            const Context context_of_part(part.name);
            CHECK(part.numbers.data == next);
            CHECK_EQUAL(part.numbers.row_stride, part.numbers.columns);
            next += part.numbers.rows * part.numbers.columns;
          }
          CHECK(next == all.data + all.size);
          CHECK(parameters.bias().data == all.data + parameters.weight_count());
          CHECK(static_cast<const NetworkParameters<Real>&>(parameters).all().data == all.data);
        }
      }
    });
  });
}

TEST("each part has the shape that the cell asks for") {
  constexpr std::size_t vocabulary_size = 7, hidden_size = 5;
  for_each_cell_and_embedding<double>([&](const CellOperations<double>& cell, std::size_t embedding_size) {
    CharacterNetwork<double> network(cell, vocabulary_size, hidden_size, embedding_size);
    NetworkParameters<double>& parameters = network.parameters();
    const auto check_shape = [](MatrixView<double> part, std::size_t rows, std::size_t columns) {
      CHECK_EQUAL(part.rows, rows);
      CHECK_EQUAL(part.columns, columns);
    };
    const std::size_t input_size = embedding_size == 0 ? vocabulary_size : embedding_size;
    check_shape(parameters.embedding(), embedding_size == 0 ? 0 : vocabulary_size, embedding_size);
    check_shape(parameters.input_weights(), input_size, cell.input_blocks * hidden_size);
    check_shape(parameters.recurrent_weights(), cell.recurrent_blocks * hidden_size, hidden_size);
    check_shape(parameters.output_weights(), vocabulary_size, hidden_size);
    CHECK_EQUAL(parameters.bias().size, cell.blocks * hidden_size);
    CHECK_EQUAL(parameters.output_bias().size, vocabulary_size);
  });
}

TEST("sizes that multiply beyond all memory throw") {
  constexpr std::size_t huge = std::size_t{1} << (sizeof(std::size_t) * 4);
  for_each_cell<float>([&](const CellOperations<float>& cell) {
    CHECK_THROWS(std::bad_alloc, CharacterNetwork<float>(cell, 5, huge, 0));
    CHECK_THROWS(std::bad_alloc, CharacterNetwork<float>(cell, huge, huge, 0));
    CHECK_THROWS(std::bad_alloc, CharacterNetwork<float>(cell, huge, 5, huge));
    CHECK_THROWS(std::bad_alloc, CharacterNetwork<float>(cell, static_cast<std::size_t>(-1), 1, 0));
  });
}

// Each number is drawn by its place: the same place, the same number, whatever comes after it.
TEST("initial values depend on seed and place, and lie where they should") {
  for_each_type([]<typename Real>() {
    for_each_cell_and_embedding<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size) {
      constexpr std::size_t vocabulary_size = 27, hidden_size = 16;
      CharacterNetwork<Real> network(cell, vocabulary_size, hidden_size, embedding_size);
      CharacterNetwork<Real> again(cell, vocabulary_size, hidden_size, embedding_size);
      network.initialize(5);
      again.initialize(6);
      CHECK(copy_of(network.parameters().all()) != copy_of(again.parameters().all()));
      again.initialize(5);
      CHECK_SAME_BITS(network.parameters().all(), again.parameters().all());

      const auto spread = [](MatrixView<Real> part) {  // root of the mean square
        double sum = 0.0;
        for (const Real* number = part.data; number != part.row(part.rows); ++number) {
          sum += static_cast<double>(*number) * static_cast<double>(*number);
        }
        return std::sqrt(sum / static_cast<double>(part.rows * part.columns));
      };
      NetworkParameters<Real>& parameters = network.parameters();
      constexpr double limit = 0.25;  // 1 / sqrt(hidden_size)
      const double uniform = limit / std::sqrt(3.0);
      if (embedding_size != 0) CHECK_NEAR(spread(parameters.embedding()), 1.0, 0.3);
      CHECK_NEAR(spread(parameters.recurrent_weights()), uniform, 0.2 * uniform);
      CHECK_NEAR(spread(parameters.output_weights()), uniform, 0.2 * uniform);
      for (const MatrixView<Real> part : {parameters.recurrent_weights(), parameters.output_weights()}) {
        for (const Real* number = part.data; number != part.row(part.rows); ++number) {
          CHECK(*number >= static_cast<Real>(-limit) && *number <= static_cast<Real>(limit));
        }
      }
    });
  });
}

}  // namespace
}  // namespace dinorc::check
