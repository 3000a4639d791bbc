// A character network of either float type, as Python holds it.
#pragma once

#include <memory>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "arrays.hpp"
#include "dinorc/network/character_network.hpp"

namespace dinorc::bindings {

class AnyCharacterNetwork {
 public:
  AnyCharacterNetwork(const std::string& cell, const std::string& dtype, const py::int_& vocabulary_size,
                      const py::int_& hidden_size, const py::int_& embedding_size);

  const NetworkShape& shape() const {
    return std::visit([](const auto& network) -> const NetworkShape& { return network->shape(); }, network_);
  }

  // Calls the function with the network: by as many threads as like to read it, or by one that writes it.
  template <typename Function>
  auto read(Function&& function) {
    const std::shared_lock lock(mutex_, std::try_to_lock);
    return visit(lock.owns_lock(), std::forward<Function>(function));
  }

  template <typename Function>
  auto write(Function&& function) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    return visit(lock.owns_lock(), std::forward<Function>(function));
  }

 private:
  template <typename Function>
  auto visit(bool is_free, Function&& function) {
    if (!is_free) throw std::runtime_error("the network is being changed by another thread");
    return std::visit([&](auto& network) { return function(*network); }, network_);
  }

  std::variant<std::unique_ptr<CharacterNetwork<float>>, std::unique_ptr<CharacterNetwork<double>>> network_;
  std::shared_mutex mutex_;
};

}  // namespace dinorc::bindings
