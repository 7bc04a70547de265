#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --help of the program and of each command: exit code 0, examples, the exit codes; --version; doctor.
. "$(dirname "$0")/check.sh"

run --help
code_is 0
err_empty
out_has '^Examples$'
out_has '^Exit codes: 0 .* 1 .* 2 '
for command in run query convert inspect explain doctor; do
  out_has "^  $command "
done
for command in run query convert inspect explain doctor; do
  run "$command" --help
  code_is 0
  err_empty
  out_has "^Usage: weir $command "
  out_has '^Examples$'
  out_has "^  weir $command "
  mv out long
  run "$command" -h
  cmp -s out long || fail "-h and --help differ"
  run help "$command"
  cmp -s out long || fail "help $command and $command --help differ"
done

run --version
code_is 0
out_has '^weir [0-9]+\.[0-9]+\.[0-9]+$'
run doctor
code_is 0
out_has '^weir: [0-9]'
out_has '^allocator: '
run doctor --json
code_is 0
out_has '^  "weir": "[0-9.]*",$'

"$weir" --help >/dev/full 2>err && fail "help into a full disk is no success"
err_has "no space left"
finish
