// The size of the pieces in which the operands of large products are packed.
#pragma once

#include <cstddef>

namespace dinorc {

// As wide as the widest tile of any instruction set, four vectors of AVX-512, and a multiple of the others:
// a tile then reads a panel from its beginning to its end, where in a plain matrix it jumps from row to row.
inline constexpr std::size_t panel_bytes = 256;

template <typename Real>
inline constexpr std::size_t panel_columns = panel_bytes / sizeof(Real);

// This many rows of a panel stay in the nearest cache while all tiles that need them are computed.
inline constexpr std::size_t panel_rows_at_a_time = 32 * 1024 / panel_bytes;

}  // namespace dinorc
