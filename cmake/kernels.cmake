# What is compiled once per instruction set: each copy in a namespace of its own, with flags of its own.

set(dinorc_instruction_sets baseline)
# Without vector types all copies would be the same scalar code; see vector.hpp.
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" AND NOT MSVC AND NOT DINORC_SCALAR_KERNELS
   AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  list(APPEND dinorc_instruction_sets avx2 avx512)
  # The features that kernel_dispatch.cpp asks the processor for.
  set(dinorc_flags_avx2 -mavx2)
  set(dinorc_flags_avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl)
endif()

# Chains of a polynomial's steps, several vectors of them, are mixed so that each waits less for the one before. GCC
# has this scheduling off on x86 for fear of running out of registers, of which its pressure-aware form takes care.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(dinorc_scheduling -fschedule-insns -fsched-pressure)
endif()

# Adds to a target the objects of a source file, compiled for each instruction set.
function(dinorc_add_for_each_instruction_set target objects source)
  foreach(instruction_set IN LISTS dinorc_instruction_sets)
    set(copy ${objects}_${instruction_set})
    add_library(${copy} OBJECT ${source})
    target_include_directories(${copy} PRIVATE ${PROJECT_SOURCE_DIR}/cpp/include ${PROJECT_SOURCE_DIR}/cpp/src)
    target_compile_definitions(${copy} PRIVATE DINORC_KERNEL_NAMESPACE=${instruction_set})
    target_compile_options(${copy} PRIVATE ${dinorc_flags_${instruction_set}} ${dinorc_scheduling})
    target_link_libraries(${copy} PRIVATE dinorc_options)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:${copy}>)
  endforeach()
  if(avx512 IN_LIST dinorc_instruction_sets)
    target_compile_definitions(${target} PRIVATE DINORC_X86_KERNELS)
  endif()
endfunction()

dinorc_add_for_each_instruction_set(dinorc_core dinorc_kernels cpp/src/kernels/kernels.cpp)
