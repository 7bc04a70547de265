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
