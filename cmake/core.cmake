# The core: the library dinorc_core, which the Python module and the C++ tests link.

find_package(Threads REQUIRED)

if(DINORC_BUILT_CORE)
  add_library(dinorc_core STATIC IMPORTED)
  set_target_properties(dinorc_core PROPERTIES IMPORTED_LOCATION ${DINORC_BUILT_CORE})
  target_include_directories(dinorc_core INTERFACE cpp/include)
  target_link_libraries(dinorc_core INTERFACE dinorc_options Threads::Threads)
  return()
endif()

add_library(dinorc_core STATIC
  cpp/src/cells/cell_registry.cpp
  cpp/src/drawing/look_ahead.cpp
  cpp/src/drawing/most_likely_names.cpp
  cpp/src/drawing/name_block_sampler.cpp
  cpp/src/drawing/name_conditions.cpp
  cpp/src/drawing/name_drawing.cpp
  cpp/src/drawing/name_sampling.cpp
  cpp/src/drawing/prefix_frontier.cpp
  cpp/src/drawing/remaining_names.cpp
  cpp/src/drawing/sampling_rules.cpp
  cpp/src/foundations/float_environment.cpp
  cpp/src/kernels/kernel_dispatch.cpp
  cpp/src/matrices/outer_products.cpp
  cpp/src/matrices/packed_matrix.cpp
  cpp/src/names/known_names.cpp
  cpp/src/names/name_index.cpp
  cpp/src/names/name_list.cpp
  cpp/src/names/prefix_tree.cpp
  cpp/src/names/tree_shares.cpp
  cpp/src/network/character_network.cpp
  cpp/src/network/network_parameters.cpp
  cpp/src/network/output_layer.cpp
  cpp/src/network/packed_parameters.cpp
  cpp/src/ngrams/fitted_discounts.cpp
  cpp/src/ngrams/held_out_names.cpp
  cpp/src/ngrams/ngram_counter.cpp
  cpp/src/ngrams/ngram_learning.cpp
  cpp/src/ngrams/ngram_tree.cpp
  cpp/src/notebook/backpropagation.cpp
  cpp/src/notebook/cross_entropy.cpp
  cpp/src/notebook/name_sampler.cpp
  cpp/src/notebook/notebook_backward.cpp
  cpp/src/notebook/notebook_steps.cpp
  cpp/src/notebook/online_trainer.cpp
  cpp/src/notebook/packed_network.cpp
  cpp/src/notebook/parameter_buffer.cpp
  cpp/src/predictors/ensemble_predictor.cpp
  cpp/src/predictors/label_mixture.cpp
  cpp/src/predictors/labelled_predictor.cpp
  cpp/src/predictors/mixture_reader.cpp
  cpp/src/predictors/network_predictor.cpp
  cpp/src/predictors/ngram_predictor.cpp
  cpp/src/predictors/prefix_reader.cpp
  cpp/src/random/categorical.cpp
  cpp/src/random/mersenne_twister.cpp
  cpp/src/random/philox.cpp
  cpp/src/scoring/mixture_weights.cpp
  cpp/src/scoring/name_scorer.cpp
  cpp/src/threads/thread_team.cpp
  cpp/src/training/batch_trainer.cpp
  cpp/src/training/optimizers.cpp
  cpp/src/training/prefix_backward.cpp
  cpp/src/training/prefix_forward.cpp
  cpp/src/training/training_settings.cpp
  cpp/src/build_info.cpp
  cpp/src/self_test.cpp
)
target_include_directories(dinorc_core PUBLIC cpp/include PRIVATE cpp/src)
target_link_libraries(dinorc_core PUBLIC dinorc_options Threads::Threads)
include(cmake/kernels.cmake)
set_source_files_properties(cpp/src/build_info.cpp PROPERTIES
  COMPILE_DEFINITIONS "DINORC_VERSION=\"${PROJECT_VERSION}\";DINORC_COMPILER_FLAGS=\"${dinorc_flags_in_use}\"")
