# SPDX-License-Identifier: Apache-2.0
# Sourced by every test of the program. $weir is the program; the working folder is empty and goes at the end.
#   run ARGS...         runs weir; leaves `code`, and the files out and err
#   run_in FILE ARGS... the same with FILE as standard input
#   is NAME A B         equal texts
#   code_is N, out_is TEXT, out_has PATTERN, out_empty, err_has PATTERN (extended, any case), err_empty
# finish ends the test: exit 0 when nothing failed.
set -u
case $1 in
  /*) weir=$1 ;;
  *) weir=$PWD/$1 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
said="(nothing was run)"
code=0

fail() {
  failed=$((failed + 1))
  echo "FAIL: $said: $*"
  echo "  code $code; stdout: $(head -c 400 out 2>/dev/null); stderr: $(head -c 1500 err 2>/dev/null)"
}
run_in() {
  input=$1
  shift
  said="weir $*"
  code=0
  "$weir" "$@" <"$input" >out 2>err || code=$?
}
run() { run_in /dev/null "$@"; }
is() { [ "$2" = "$3" ] || fail "$1: expected '$3', got '$2'"; }
code_is() { [ "$code" -eq "$1" ] || fail "exit code $code instead of $1"; }
out_is() { [ "$(cat out)" = "$1" ] || fail "stdout should be '$1'"; }
out_has() { grep -Eq -e "$1" out || fail "stdout lacks /$1/"; }
out_empty() { [ ! -s out ] || fail "stdout is not empty"; }
err_has() { grep -Eiq -e "$1" err || fail "stderr lacks /$1/"; }
err_empty() { [ ! -s err ] || fail "stderr is not empty"; }
fails() { # PATTERN: code 1, a message with it, nothing printed
  code_is 1
  out_empty
  err_has "$1"
}
finish() {
  [ "$failed" -eq 0 ] || echo "$failed checks failed"
  [ "$failed" -eq 0 ]
  exit $?
}

# Five rows of two keys in two hours, one without a value.
events() {
  cat >events.csv <<'END'
ts,k,v
2024-01-01 00:10:00,a,1
2024-01-01 00:20:00,b,2
2024-01-01 00:50:00,a,3
2024-01-01 01:10:00,b,
2024-01-01 01:20:00,a,5
END
  cat >events.sql <<END
CREATE TABLE events (ts TIMESTAMP(3), k STRING, v BIGINT)
WITH ('connector' = 'filesystem', 'path' = '$work/events.csv', 'format' = 'csv', 'csv.header' = 'true',
      'csv.null-literal' = '');
END
}
hourly="SELECT window_start, k, COUNT(*) AS n, SUM(v) AS s FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k ORDER BY window_start, k"
