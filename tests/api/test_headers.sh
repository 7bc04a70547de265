#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every public header compiles alone, as C11 and as C++17, with all warnings as errors.
# Usage: test_headers.sh SOURCE_DIR CC CXX
set -eu
source_dir=$1 cc=$2 cxx=$3
found=0
for header in "$source_dir"/include/weir/*.h; do
  name=weir/$(basename "$header")
  found=$((found + 1))
  # Twice, so that its guard is tried as well.
  printf '#include <%s>\n#include <%s>\ntypedef int at_least_one_declaration;\n' "$name" "$name" |
    "$cc" -std=c11 -pedantic-errors -Wall -Wextra -Wstrict-prototypes -Werror -I "$source_dir/include" -fsyntax-only -x c -
  printf '#include <%s>\n#include <%s>\n' "$name" "$name" |
    "$cxx" -std=c++17 -pedantic-errors -Wall -Wextra -Werror -I "$source_dir/include" -fsyntax-only -x c++ -
  echo "$name"
done
[ "$found" -ge 4 ] || { echo "only $found headers in $source_dir/include/weir" >&2; exit 1; }
