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

# The commands of "Your own file", as they stand there, and the live one with an input that ends.
awk '/^## / { on = /^## Your own file$/ } /^```$/ { code = 0 } on && code; on && /^```sh$/ { code = 1 }' \
  "$source/README.md" | sed 's/^tail -n +1 -F/cat/' >"$work/own.sh"
[ "$(grep -c '^weir\|| weir' "$work/own.sh")" -eq 5 ] || { echo "README.md has other commands of one's own file"; exit 1; }
export PATH="$build:$PATH"
if weir doctor | grep -q '^parquet: no'; then sed -i 's/my\.parquet/my.arrow/' "$work/own.sh"; fi
(cd "$work" && bash -euo pipefail own.sh >own.out)
grep -q '^rows: 3$' "$work/own.out"
grep -q '^a,21\.5$' "$work/own.out"
[ "$(grep -c '^2026-01-01 00:00:00,a,1,20\.5$' "$work/own.out")" -eq 2 ] || { cat "$work/own.out"; exit 1; }
[ -s "$work/my.parquet" ] || [ -s "$work/my.arrow" ]
echo "README.md: ok"
