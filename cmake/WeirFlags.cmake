# SPDX-License-Identifier: Apache-2.0
# Compiler flags of all our own code, as the interface target weir_flags.
add_library(weir_flags INTERFACE)
target_include_directories(weir_flags INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/include")
target_compile_definitions(weir_flags INTERFACE _GNU_SOURCE WEIR_ASSERTIONS=${WEIR_ASSERTIONS})
target_compile_options(weir_flags INTERFACE
  -Wall -Wextra -Wshadow -Wpointer-arith -Wundef -Wvla -Wformat=2 -Wno-format-nonliteral -Wno-unused-parameter
  -fno-strict-aliasing -fno-math-errno -ffp-contract=off
  $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition>)
if(WEIR_WERROR)
  target_compile_options(weir_flags INTERFACE -Werror)
endif()
if(WEIR_SANITIZE)
  target_compile_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE})
endif()
if(WEIR_COVERAGE)
  target_compile_options(weir_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(weir_flags INTERFACE --coverage)
endif()

# weir_room(NAME SOURCES...): the object library of one folder.
function(weir_room name)
  add_library(weir_${name} OBJECT ${ARGN})
  target_link_libraries(weir_${name} PUBLIC weir_flags)
  set_property(GLOBAL APPEND PROPERTY WEIR_ROOMS weir_${name})
endfunction()
