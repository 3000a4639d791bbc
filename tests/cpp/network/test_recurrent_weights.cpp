// The recurrent weights as a cell's products take them, forth and back.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "check.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/network/recurrent_weights.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
void check_same(const PackedMatrix<Real>& actual, const PackedMatrix<Real>& expected) {
  CHECK_EQUAL(actual.panels(), expected.panels());
  for (std::size_t index = 0; index < expected.panels(); ++index) {
    const MatrixView<const Real> panel = actual.panel(index), wanted = expected.panel(index);
    const std::size_t size = wanted.rows * wanted.row_stride;
    CHECK_SAME_BITS((VectorView<const Real>{panel.data, size}), (VectorView<const Real>{wanted.data, size}));
  }
}

template <typename Real>
AlignedMatrix<Real> made_up(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  MadeUpNumbers numbers(seed);
  AlignedMatrix<Real> matrix(rows, columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) matrix.view()(r, c) = numbers.number<Real>();
  }
  return matrix;
}

template <typename Function>
void for_each_size(Function&& function) {
  for (const std::size_t hidden_size : {1, 7, 16, 50, 64, 100}) {
    for (const std::size_t blocks : {1, 3, 4}) {
      const Context context("hidden size ", hidden_size, ", blocks ", blocks);
      function(hidden_size, blocks);
    }
  }
}

TEST("forth is the transpose of the weights, back the weights, packed together or in parts") {
  for_each_type([]<typename Real>() {
    for_each_size([](std::size_t hidden_size, std::size_t blocks) {
      const AlignedMatrix<Real> recurrent = made_up<Real>(blocks * hidden_size, hidden_size, 110);
      PackedMatrix<Real> forth(hidden_size, blocks * hidden_size), back(blocks * hidden_size, hidden_size);
      forth.pack_transposed(recurrent.view());
      back.pack(recurrent.view());

      RecurrentWeights<Real> whole(hidden_size, blocks);
      whole.pack(recurrent.view());
      check_same(whole.forth(), forth);
      check_same(whole.back(), back);

      for (std::size_t step = 1; step <= whole.panels(); ++step) {
        RecurrentWeights<Real> parts(hidden_size, blocks);
        for (std::size_t first = 0; first < parts.panels(); first += step) {
          parts.pack_panels(recurrent.view(), first, std::min(first + step, parts.panels()));
        }
        check_same(parts.forth(), forth);
        check_same(parts.back(), back);
      }
    });
  });
}

TEST("a panel is packed by the one who packs that panel, and by nobody else") {
  for_each_type([]<typename Real>() {
    for_each_size([](std::size_t hidden_size, std::size_t blocks) {
      const AlignedMatrix<Real> first = made_up<Real>(blocks * hidden_size, hidden_size, 111);
      const AlignedMatrix<Real> second = made_up<Real>(blocks * hidden_size, hidden_size, 112);
      RecurrentWeights<Real> all_first(hidden_size, blocks), all_second(hidden_size, blocks);
      all_first.pack(first.view());
      all_second.pack(second.view());
      const std::size_t middle = all_first.forth().panels();

      RecurrentWeights<Real> mixed(hidden_size, blocks);
      mixed.pack(first.view());
      mixed.pack_panels(second.view(), middle, mixed.panels());
      check_same(mixed.forth(), all_first.forth());
      check_same(mixed.back(), all_second.back());
      mixed.pack(first.view());
      mixed.pack_panels(second.view(), 0, middle);
      check_same(mixed.forth(), all_second.forth());
      check_same(mixed.back(), all_first.back());
    });
  });
}

}  // namespace
}  // namespace dinorc::check
