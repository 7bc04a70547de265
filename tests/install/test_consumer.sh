#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the build into an empty folder and moves it, then builds and runs a project that knows only the installation.
#   test_consumer.sh BUILD CONSUMER CMAKE CC CXX
set -eu
build=$1 consumer=$2 cmake=$3 cc=$4 cxx=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$cmake" --install "$build" --prefix "$work/first" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mv "$work/first" "$work/prefix"
prefix=$work/prefix

echo "no installed file points into the folder of the build"
# Debugging data may name it: that is where the sources were compiled.
cp -r "$prefix" "$work/stripped"
find "$work/stripped" -type f \( -name '*.so*' -o -name '*.a' -o -path '*/bin/*' \) -exec strip -g {} +
if grep -rlF "$build" "$work/stripped" | grep .; then exit 1; fi

echo "the program runs from where it was installed"
"$prefix/bin/weir" --version | grep -q '^weir [0-9]'
"$prefix/bin/weir" doctor >"$work/doctor"
test -s "$prefix/share/man/man1/weir.1"

echo "the CMake package: shared and static"
"$cmake" -G Ninja -S "$consumer" -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$cc" \
  -DCMAKE_CXX_COMPILER="$cxx" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$cmake" --build "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
for program in shared static plus; do
  "$work/build/consumer_$program" | grep -qx '2000-01-01 00:00 3'
done

echo "pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name weir.pc)")
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs weir)
libdir=$(pkg-config --variable=libdir weir)
# shellcheck disable=SC2086  # the flags are words
"$cc" -std=c11 -Wall -Wextra -Werror "$consumer/consumer.c" -o "$work/consumer" $flags -Wl,-rpath,"$libdir"
"$work/consumer" | grep -qx '2000-01-01 00:00 3'

echo "each header alone, as C11 and as C++17"
for header in weir builder types arrow; do
  printf '#include "weir/%s.h"\nint main(void) { return 0; }\n' "$header" >"$work/one.c"
  cp "$work/one.c" "$work/one.cpp"
  "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$prefix/include" "$work/one.c"
  "$cxx" -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$prefix/include" "$work/one.cpp"
done
