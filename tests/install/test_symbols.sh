#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every symbol that the libraries define for others begins with weir_.   test_symbols.sh libweir.a libweir.so NM
set -u
failed=0

# Name of each symbol that is no weir_ one; the version node of the shared library is named WEIR_0. Weak ones (V, W, u) are
# the C++ library's own, which the compiler puts into each file that uses it, and give way to any other.
strangers() {
  awk 'NF == 3 { name = $3; sub(/@.*/, "", name)
    if (name !~ /^weir_/ && name !~ /^WEIR_[0-9]+$/ && $2 !~ /^[VWu]$/) print name }'
}

archive=$("$3" -g --defined-only "$1" | strangers)
shared=$("$3" -D --defined-only "$2" | strangers)
for name in $archive; do echo "$1 defines $name"; failed=1; done
for name in $shared; do echo "$2 exports $name"; failed=1; done
# An empty list would pass, too: the libraries have to define what the header declares.
for name in weir_version weir_session_create weir_pipeline_push weir_builder_finish; do
  "$3" -D --defined-only "$2" | grep -q " T $name\(@\|\$\)" || { echo "$2 lacks $name"; failed=1; }
done
exit $failed
