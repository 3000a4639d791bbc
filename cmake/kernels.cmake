# The kernels, compiled once per instruction set: each copy in a namespace of its own, with flags of its own.

function(dinorc_add_kernels instruction_set)
  set(target dinorc_kernels_${instruction_set})
  add_library(${target} OBJECT cpp/src/kernels/kernels.cpp)
  target_include_directories(${target} PRIVATE cpp/include cpp/src)
  target_compile_definitions(${target} PRIVATE DINORC_KERNEL_NAMESPACE=${instruction_set})
  target_compile_options(${target} PRIVATE ${ARGN})
  target_link_libraries(${target} PRIVATE dinorc_options)
  target_sources(dinorc_core PRIVATE $<TARGET_OBJECTS:${target}>)
endfunction()

dinorc_add_kernels(baseline)

# Without vector types all copies would be the same scalar code; see vector.hpp.
set(dinorc_has_vector_types OFF)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" AND NOT MSVC AND NOT DINORC_SCALAR_KERNELS)
  set(dinorc_has_vector_types ON)
endif()
if(dinorc_has_vector_types AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  # The features that kernel_dispatch.cpp asks the processor for.
  dinorc_add_kernels(avx2 -mavx2)
  dinorc_add_kernels(avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl)
  target_compile_definitions(dinorc_core PRIVATE DINORC_X86_KERNELS)
endif()
