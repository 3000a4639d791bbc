// A character network of either float type, as Python holds it.
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "arrays.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "predicting_model.hpp"

namespace dinorc::bindings {

class AnyCharacterNetwork final : public PredictingModel {
 public:
  AnyCharacterNetwork(const std::string& cell, const std::string& dtype, const py::int_& vocabulary_size,
                      const py::int_& hidden_size, const py::int_& embedding_size,
                      const py::int_& label_count);

  const NetworkShape& shape() const {
    return std::visit([](const auto& network) -> const NetworkShape& { return network->shape(); }, network_);
  }
  std::size_t vocabulary_size() const override { return shape().vocabulary_size; }

  // Calls the function with the network. Any number of threads may read at a time, or a single one may write.
  template <typename Function>
  auto read(Function&& function) {
    const std::shared_lock lock(mutex_, std::try_to_lock);
    return visit(lock.owns_lock(), std::forward<Function>(function));
  }

  template <typename Function>
  auto write(Function&& function) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (lock.owns_lock()) predictor_.reset();
    return visit(lock.owns_lock(), std::forward<Function>(function));
  }

  // The network as a predictor, to be called inside read(), without the GIL. It is kept until the parameters
  // change. An array that shows parameters may change them at any time: while there is one, each call makes a
  // predictor of its own.
  template <typename Real>
  std::shared_ptr<const NetworkPredictor<Real>> predictor_of(CharacterNetwork<Real>& network) {
    const std::lock_guard lock(predictor_mutex_);
    if (arrays_ != 0) return std::make_shared<const NetworkPredictor<Real>>(network);
    if (predictor_ == nullptr) predictor_ = std::make_shared<const NetworkPredictor<Real>>(network);
    return std::static_pointer_cast<const NetworkPredictor<Real>>(predictor_);
  }

  void predict(const std::function<void(const Predictor&)>& function) override;

  // The hidden output after 0, 1, ... characters, behind a label or none.
  py::array hidden_states(const py::array& prefix, CharacterId label = no_character);

  // The base of arrays that show a part of the parameters: keeps `self`, the Python object of this one,
  // alive.
  py::capsule owner_of_array(const py::object& self);

 private:
  struct ArrayOwner;

  template <typename Function>
  auto visit(bool is_free, Function&& function) {
    if (!is_free) throw std::runtime_error("the network is being changed by another thread");
    return std::visit([&](auto& network) { return function(*network); }, network_);
  }

  std::variant<std::unique_ptr<CharacterNetwork<float>>, std::unique_ptr<CharacterNetwork<double>>> network_;
  std::shared_mutex mutex_;
  std::shared_ptr<const Predictor> predictor_;  // of the parameters as they are; null: not made yet
  std::size_t arrays_ = 0;                      // how many arrays show parameters
  std::mutex predictor_mutex_;                  // for predictor_ and arrays_
};

}  // namespace dinorc::bindings
