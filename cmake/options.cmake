# What every translation unit is compiled with: the interface library dinorc_options.

add_library(dinorc_options INTERFACE)

if(MSVC)
  set(dinorc_contract_flags /fp:precise)
  target_compile_options(dinorc_options INTERFACE /W4 $<$<BOOL:${DINORC_WARNINGS_AS_ERRORS}>:/WX>)
else()
  # The float contract. These come last on the command line, so that no CXXFLAGS of the user's can undo them.
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Its -fno-unsafe-math-optimizations would also ask for strict floating-point exceptions, which slows every
    # operation down and changes no bit.
    set(unsafe_math_off -fno-associative-math -fno-reciprocal-math -fsigned-zeros)
  else()
    set(unsafe_math_off -fno-unsafe-math-optimizations)
  endif()
  set(dinorc_contract_flags -fno-fast-math ${unsafe_math_off} -fno-finite-math-only -ffp-contract=off)
  # With -ffast-math, GCC and Clang link code that sets flush-to-zero for the whole process.
  target_link_options(dinorc_options INTERFACE -fno-fast-math ${unsafe_math_off})
  target_compile_options(dinorc_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    $<$<BOOL:${DINORC_WARNINGS_AS_ERRORS}>:-Werror>)
  if(DINORC_SANITIZE)
    target_compile_options(dinorc_options INTERFACE
      -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(dinorc_options INTERFACE -fsanitize=address,undefined)
  endif()
endif()
target_compile_options(dinorc_options INTERFACE ${dinorc_contract_flags})

if(DINORC_SCALAR_KERNELS)
  target_compile_definitions(dinorc_options INTERFACE DINORC_SCALAR_KERNELS)
endif()

# As text, for build_info().
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
string(JOIN " " dinorc_flags_in_use
  ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${dinorc_contract_flags})
