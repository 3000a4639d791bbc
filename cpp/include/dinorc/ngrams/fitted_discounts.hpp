// Discounts under which held-out names are likeliest.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/ngrams/discounts.hpp"
#include "dinorc/ngrams/held_out_names.hpp"

namespace dinorc {

struct FittedDiscounts {
  std::vector<Discounts> discounts;  // by length of context, `order` of them
  double loss;                       // nats per held-out character; 0 if there are none
};

// The discounts of a model of this order that are best for held-out names. Where these say little, or there
// are none, the discounts stay near those that suit most lists.
FittedDiscounts fit_discounts(const HeldOutNames& names, std::size_t order);

}  // namespace dinorc
