#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Wrong usage: exit code 2, a message that names the nearest thing that works, nothing on standard output.
. "$(dirname "$0")/check.sh"
usage() { # PATTERN ARGS...
  pattern=$1
  shift
  run "$@"
  code_is 2
  out_empty
  err_has "$pattern"
}

run
code_is 2
out_empty
err_has "--help"
for command in run query convert inspect explain doctor; do
  err_has "^  $command "
done
usage "holds no statement" query ""
usage "holds no statement" query " ; "
usage "INSERT INTO 'result.parquet'" query -o parquet "SELECT 1"
printf '\n \n' >empty.sql
run run empty.sql
fails "empty.sql holds no statement"
usage "did you mean 'run'" rum x.sql
usage "did you mean 'run x.sql'" x.sql
usage "it is one of" frobnicate
usage "needs SCRIPT" run
usage "needs IN OUT" convert one
usage "too much" inspect one two
usage "too many" run one two three
usage "did you mean '--workers'" run --worker 3 x.sql
usage "did you mean '--stats-file'" run --statsfile=f x.sql
usage "unknown option '-x'" run -x x.sql
usage "unknown option '--nothing-like-it'" run --nothing-like-it x.sql
usage "needs a value" run x.sql --workers
usage "takes no value" run --stats=yes x.sql
usage "whole number from 0 to 1024" run --workers=-1 x.sql
usage "whole number from 0 to 1024" run --workers 1025 x.sql
usage "whole number" run --workers 3x x.sql
usage "whole number" run --batch-rows 0 x.sql
usage "whole number" run --batch-rows 99999999999999999999 x.sql
usage "did you mean 'ndjson'" run -o json x.sql
usage "did you mean 'table'" run -o tabel x.sql
usage "did you mean 'avx2'" run --simd avx22 x.sql
usage "NAME=VALUE" run -D data x.sql
usage "NAME=VALUE" run -D =value x.sql
usage "name of a file" run --stats-file - x.sql
usage "does not take '--header'" run --header x.sql
usage "does not take '--stats'" doctor --stats
usage "exclude each other" inspect --sql --json x.csv

# Options may stand anywhere, and "--" ends them.
printf "SELECT 1;" >-q.sql
run run missing.sql -o csv
code_is 1
err_has "missing.sql"
run run -o csv -- --missing.sql
code_is 1
err_has "'--missing.sql'"
finish
