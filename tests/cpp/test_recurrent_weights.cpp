// The recurrent weights as a cell's products take them, forth and back.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "check.hpp"
#include "dinorc/aligned_buffer.hpp"
#include "dinorc/cells/recurrent_weights.hpp"
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

TEST("forth is the transpose of the weights, back the weights, packed together or in parts") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(110);
    for (const std::size_t hidden_size : {1, 7, 16, 50, 64, 100}) {
      for (const std::size_t blocks : {1, 3, 4}) {
        const Context context("hidden size ", hidden_size, ", blocks ", blocks);
        AlignedMatrix<Real> recurrent(blocks * hidden_size, hidden_size);
        for (std::size_t r = 0; r < blocks * hidden_size; ++r) {
          for (std::size_t c = 0; c < hidden_size; ++c) recurrent.view()(r, c) = numbers.number<Real>();
        }
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
      }
    }
  });
}

}  // namespace
}  // namespace dinorc::check
