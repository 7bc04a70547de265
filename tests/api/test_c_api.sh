#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The C program of docs/c-api.md, and examples/builder.c, compile against the public headers and the built library, and print
# what they should.
#   test_c_api.sh SOURCE_DIR BUILD_DIR CC
set -euo pipefail
source=$1 build=$2 cc=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

compile() {
  "$cc" -std=c11 -pedantic-errors -Wall -Wextra -Werror -I"$source/include" "$1" -o "$work/program" "$build/libweir.so" \
    -Wl,-rpath,"$build"
}

awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$source/docs/c-api.md" >"$work/page.c"
[ -s "$work/page.c" ] || { echo "docs/c-api.md has no C program"; exit 1; }
compile "$work/page.c"
printed=$("$work/program" | sed 's/ $//')
said=$(sed -n 's/.*It prints `\([^`]*\)`.*/\1/p' "$source/docs/c-api.md")
[ "$printed" = "$said" ] || { echo "docs/c-api.md says '$said', the program printed '$printed'"; exit 1; }

compile "$source/examples/builder.c"
cat >"$work/expected" <<'END'
window_start=1970-01-01 00:00:00 sensor=1 mean=20.5 readings=1
window_start=1970-01-01 00:00:00 sensor=2 mean=18.0 readings=1
window_start=1970-01-01 00:01:00 sensor=1 mean=22.0 readings=1
window_start=1970-01-01 00:01:00 sensor=2 mean=17.0 readings=1
6 readings, 1 filtered, 1 late
END
"$work/program" | diff "$work/expected" -
echo "docs/c-api.md, examples/builder.c: ok"
