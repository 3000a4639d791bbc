// An owned block of numbers, zero at first, on a cache line of its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/foundations/views.hpp"

namespace dinorc {

// One cache line, and the widest vector register: rows padded to it never share a vector.
inline constexpr std::size_t alignment_bytes = 64;

// The row length that `columns` numbers are padded to, so that kernels see whole vectors only.
template <typename Number>
constexpr std::size_t padded(std::size_t columns) {
  constexpr std::size_t numbers = alignment_bytes / sizeof(Number);
  return sum_of_sizes(columns, numbers - 1) / numbers * numbers;
}

template <typename Number>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(std::size_t size) : numbers_(allocate(size)), size_(size) {
    std::fill_n(data(), size, Number{0});
  }

  Number* data() { return numbers_.get(); }
  const Number* data() const { return numbers_.get(); }
  std::size_t size() const { return size_; }

  VectorView<Number> vector() { return {data(), size_}; }

 private:
  struct Free {
    void operator()(Number* numbers) const {
      ::operator delete[](numbers, std::align_val_t{alignment_bytes});
    }
  };

  static Number* allocate(std::size_t size) {
    const std::size_t bytes = product_of_sizes(size, sizeof(Number));
    return static_cast<Number*>(::operator new[](bytes, std::align_val_t{alignment_bytes}));
  }

  std::unique_ptr<Number[], Free> numbers_;
  std::size_t size_ = 0;
};

// A matrix that owns its rows, each padded to whole vectors; the padding is zero.
template <typename Number>
class AlignedMatrix {
 public:
  AlignedMatrix() = default;
  AlignedMatrix(std::size_t rows, std::size_t columns)
      : buffer_(product_of_sizes(rows, padded<Number>(columns))), rows_(rows), columns_(columns) {}

  MatrixView<Number> view() { return {buffer_.data(), rows_, columns_, padded<Number>(columns_)}; }
  MatrixView<const Number> view() const {
    return {buffer_.data(), rows_, columns_, padded<Number>(columns_)};
  }

 private:
  AlignedBuffer<Number> buffer_;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
};

}  // namespace dinorc
