# SPDX-License-Identifier: Apache-2.0
# Where each dependency comes from. Debian's packages are the baseline; `scripts/build` installs them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LZ4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(URING IMPORTED_TARGET liburing)
pkg_check_modules(JEMALLOC IMPORTED_TARGET jemalloc)
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_path(SIMDE_INCLUDE_DIR simde/x86/avx2.h REQUIRED)

# cctz brings neither a CMake package nor a pkg-config file in Debian. weir-config.cmake makes the same target for users
# of the static library: a program in C needs the C++ library beside it.
find_library(WEIR_CCTZ_LIBRARY cctz REQUIRED)
find_path(WEIR_CCTZ_INCLUDE_DIR cctz/time_zone.h REQUIRED)
add_library(weir::cctz INTERFACE IMPORTED GLOBAL)
target_link_libraries(weir::cctz INTERFACE "${WEIR_CCTZ_LIBRARY}" stdc++)
target_include_directories(weir::cctz SYSTEM INTERFACE "${WEIR_CCTZ_INCLUDE_DIR}")
