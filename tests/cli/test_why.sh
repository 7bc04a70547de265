#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --why: what a window waits for, at the end of the run and on SIGUSR1, for a live input, a file and an INSERT.
. "$(dirname "$0")/check.sh"
cat >rows.csv <<'END'
2024-01-01 08:00:10,a,1
2024-01-01 08:12:04,b,2
2024-01-01 07:30:50,a,3
2024-01-01 09:03:00,b,4
,a,6
END
columns="(ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)"
table() { # PATH
  echo "CREATE TABLE s $columns WITH ('connector' = 'filesystem', 'path' = '$1', 'format' = 'csv', 'csv.null-literal' = '');"
}
hours="SELECT window_start, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k"
line_has() { # LINE PATTERN
  sed -n "$1p" err | grep -Eq -e "$2" || fail "line $1 of stderr lacks /$2/"
}

# At the end: the window of the greatest time, or the one that is asked about.
run query --why "$(table rows.csv) $hours"
code_is 0
line_has 1 '^weir: why: window \[2024-01-01 09:00:00, 2024-01-01 10:00:00\) fired when the input ended, if it held rows: it needed a watermark of 2024-01-01 09:59:59.999, and W had come to 2024-01-01 09:02:55.000 \(57 min 4.999 s short\)$'
line_has 2 '^weir:   of 5 rows: 1 without a time \(NULL\), 1 late$'
line_has 3 '^weir:   the latest of the late rows has the time 2024-01-01 07:30:50.000: W had passed its last window by 11 min 59.001 s$'
run query "--why=2024-01-01 08:30:00,a" "$(table rows.csv) $hours"
code_is 0
line_has 1 "^weir: why: window \[2024-01-01 08:00:00, 2024-01-01 09:00:00\) of key 'a' has fired, if it held rows; it needed"
run query --why "$(table rows.csv) $hours; SELECT COUNT(*) AS n FROM s"
is "reports of two statements" "$(grep -c '^weir: why: ' err)" 2
err_has '^weir: why: the query has no windows: its groups come when the input has ended$'
run query "$(table rows.csv) $hours"
is "reports without --why" "$(grep -c 'why' err)" 0

# A plain --why takes nothing after it; what does not fit is refused before anything is run.
echo "$(table rows.csv) $hours" >s.sql
run run --why s.sql
code_is 0
run run s.sql --why
code_is 0
run query '--why=8 o clock' "$(table rows.csv) $hours"
fails "^weir: error: --why: '8 o clock' is no time; write it as"
run query --why=,a,b "$(table rows.csv) $hours"
fails '^weir: error: --why: the key that is asked about has 2 values, and the query groups by 1 columns'
run query '--why=,"a' "$(table rows.csv) $hours"
code_is 2
err_has 'a quote .* is not closed'
run query '--why=,"a"b' "$(table rows.csv) $hours"
code_is 2
run convert --why rows.csv out.arrow
code_is 2
err_has "'convert' does not take '--why'"
run query --help
out_has '--why\[=TIME\[,KEY\]\] +say at the end'

# Keys are a line of CSV: commas and quotes within quotes, nothing means NULL, "" is empty.
printf '2024-01-01 08:00:10,"x,""y",1\n2024-01-01 08:00:11,,1\n2024-01-01 08:00:12,z,\n' >odd.csv
sessions="SELECT window_start, window_end, k, v, COUNT(*) AS n FROM TABLE(SESSION(TABLE s PARTITION BY (k, v), DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k, v"

# The program takes signals: it has blocked SIGUSR1 (bit 9), for the thread that waits for it.
ready() { # JOB
  for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q '^SigBlk:.*[2367abef]..$' "/proc/$1/status" 2>/dev/null && return
    sleep 0.2
  done
}

# While a live input is silent: FILE, then arguments; SIGUSR1 comes when all rows have.
mkfifo pipe
ask() {
  rows=$1
  shift
  said="weir $* and SIGUSR1"
  "$weir" "$@" <pipe >out 2>err &
  job=$!
  exec 3>pipe
  cat "$rows" >&3
  wanted=$(($(wc -l <"$rows")))
  ready $job
  for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 0.1
    : >err
    kill -USR1 $job 2>/dev/null
    for wait in 1 2 3 4 5 6 7 8; do # an answer takes a while on a busy machine, and may be about fewer rows
      sleep 0.2
      grep -q "^weir: $wanted rows in" err && break 2
      grep -q "^weir: .* rows in" err && break
    done
  done
  cp err asked
  exec 3>&-
  code=0
  wait $job || code=$?
  code_is 0
  mv err end
  cp asked err
}
for workers in 0 2; do
  ask rows.csv query --workers $workers --why=,b "$(table -) $hours"
  line_has 1 '^weir: 5 rows in, [01] late, watermark 2024-01-01 09:02:55$'
  line_has 2 "^weir: why: window \[2024-01-01 09:00:00, 2024-01-01 10:00:00\) of key 'b' has not fired: it needs a watermark of 2024-01-01 09:59:59.999, and W is 2024-01-01 09:02:55.000 \(57 min 4.999 s short\)$"
  line_has 3 "^weir:   it holds 1 row of key 'b'$"
  line_has 4 '^weir:   the greatest time so far is 2024-01-01 09:03:00.000, less 5 s by the WATERMARK clause; no rows have come for [0-9.]+ s$'
  err_has '^weir:   what to do: wait for a row with a time of 2024-01-01 10:00:04.999 or later'
  grep -q "^weir: why: .* fired when the input ended" end || fail "nothing is said at the end: $(cat end)"
done
ask odd.csv query '--why=,"x,""y",1' "$(table -) $sessions"
err_has '^weir: why: session \[2024-01-01 08:00:10, 2024-01-01 09:00:10\) of key \(.x,"y., 1\) has not fired'
ask odd.csv query '--why=,z,' "$(table -) $sessions"
err_has "^weir: why: session \[2024-01-01 08:00:12, 2024-01-01 09:00:12\) of key \('z', NULL\) has not fired"
ask odd.csv query '--why=,,1' "$(table -) $sessions"
err_has '^weir: why: session \[2024-01-01 08:00:11, 2024-01-01 09:00:11\) of key \(NULL, 1\) has not fired'
ask odd.csv query '--why=,"",1' "$(table -) $sessions"
err_has "^weir: why: no session of key \('', 1\) is open"
echo "$(table -) CREATE TABLE o (w TIMESTAMP(3), k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'o.csv', 'format' = 'csv'); INSERT INTO o $hours;" >insert.sql
ask rows.csv run --why insert.sql
err_has '^weir: why: window \[2024-01-01 09:00:00, 2024-01-01 10:00:00\) has not fired'
is "rows of the INSERT" "$(wc -l <o.csv | tr -d ' ')" 3
# without --why there is the one line
ask rows.csv query "$(table -) $hours"
is "lines without --why" "$(wc -l <err | tr -d ' ')" 1

# A file is no live input: the run stops reading for the answer, and goes on.
awk 'BEGIN { for (i = 0; i < 100000; i++) print "2024-01-01 08:00:00,a,1" }' >one.csv
awk 'BEGIN { for (i = 0; i < 1000000; i++) print "2024-01-01 08:00:00,a,1" }' >ten.csv
mkdir many more
i=0
while [ $i -lt 400 ]; do
  ln -s ../one.csv many/$i.csv
  ln -s ../ten.csv more/$i.csv # so many rows that the signal comes before the end
  i=$((i + 1))
done
said="a file and SIGUSR1"
env --default-signal=INT "$weir" query --why "$(table more) $hours" >out 2>err &
job=$!
ready $job
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sleep 0.3
  kill -USR1 $job 2>/dev/null
  grep -q '^weir: why: ' err && break
done
err_has '^weir: why: window \[2024-01-01 08:00:00, 2024-01-01 09:00:00\) has not fired: it needs a watermark of 2024-01-01 08:59:59.999, and W is 2024-01-01 07:59:55.000'
kill -INT $job 2>/dev/null
code=0
wait $job || code=$?
code_is 130
err_has '^weir: stopped by Ctrl-C'
tail -n 3 err | grep -q 'stopped by' || fail "the end is not said last"

# Partitions that are files go by their paths.
said="files that are partitions, and SIGUSR1"
by_file=$(table many | sed "s/'format'/'scan.partition-by-file' = 'true', 'format'/")
env --default-signal=INT "$weir" query --why "$by_file $hours" >out 2>err &
job=$!
ready $job
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sleep 0.3
  kill -USR1 $job 2>/dev/null
  grep -q '^weir: why: ' err && break
done
kill -INT $job 2>/dev/null
wait $job || :
err_has "^weir:   partition [0-9]+ \('many/[0-9]+.csv'\) (holds it back|has not been heard of|is at)"
finish
