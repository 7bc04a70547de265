#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a terminal sees: a table, colours unless NO_COLOR forbids, and no Arrow bytes.
. "$(dirname "$0")/check.sh"
command -v script >/dev/null || exit 77
printf 'k,v\na,1\n,22\n' >two.csv
echo "SELECT k, v FROM 'two.csv'" >two.sql
terminal() { # COMMAND
  said="on a terminal: $1"
  code=0
  TERM=xterm script -qec "$1" typescript </dev/null >both 2>&1 || code=$?
  tr -d '\r' <both >out
  : >err
}
bold=$(printf '\033[1m')

unset NO_COLOR
terminal "'$weir' run two.sql"
code_is 0
grep -qF "${bold}k" out || fail "names are not bold"
out_has '^a +1$'
out_has 'NULL'
NO_COLOR=1 terminal "NO_COLOR=1 '$weir' run two.sql"
code_is 0
out_has '^k +v$'
out_has '^-+ +-+$'
grep -qF "$bold" out && fail "NO_COLOR is not respected"

# Work that takes longer than a second shows where it stands, and the line is gone at the end.
awk 'BEGIN { print "ts,v"; for (i = 0; i < 100000; i++) print "2024-01-01 00:00:00,1" }' >one.csv
mkdir many
i=0
while [ $i -lt 2000 ]; do
  ln -s ../one.csv many/$i.csv
  i=$((i + 1))
done
terminal "timeout -s INT 3 '$weir' query \"SELECT COUNT(*) AS n FROM 'many'\""
out_has ' %  ([0-9]+ s left  )?[0-9.]+ M rows/s  [0-9.]+ GB/s  [0-9.]+ MB'
out_has 'stopped by Ctrl-C after [1-9]'

terminal "'$weir' run -o arrow two.sql"
code_is 2
out_has "no terminal can show"
finish
