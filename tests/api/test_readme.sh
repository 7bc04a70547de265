#!/usr/bin/env bash
# The C program of README.md compiles against the public headers and the built library, and prints what the page says.
#   test_readme.sh SOURCE_DIR BUILD_DIR CC [FLAGS ...]
set -euo pipefail
source=$1 build=$2 cc=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$source/README.md" >"$work/readme.c"
[ -s "$work/readme.c" ] || { echo "README.md has no C program"; exit 1; }
"$cc" -std=c11 -Wall -Wextra -Werror "$@" -I"$source/include" "$work/readme.c" -o "$work/readme" "$build/libweir.so" \
  -Wl,-rpath,"$build"
printed=$(cd "$source" && "$work/readme")
said=$(sed -n 's/^It prints `\(.*\)`\..*/\1/p' "$source/README.md")
[ "$printed" = "$said" ] || { echo "README.md says '$said', the program printed '$printed'"; exit 1; }
echo "README.md: ok"
