#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A signal stops a run cleanly: its exit code, what was done, no result.
. "$(dirname "$0")/check.sh"

# One file under many names: reading them all takes minutes.
awk 'BEGIN { print "ts,v"; for (i = 0; i < 100000; i++) print "2024-01-01 00:00:00,1" }' >one.csv
mkdir many
i=0
while [ $i -lt 2000 ]; do
  ln -s ../one.csv many/$i.csv
  i=$((i + 1))
done
for name in INT TERM; do
  # the shell starts background jobs with SIGINT ignored
  env --default-signal=INT "$weir" query --stats-file stats.json "SELECT COUNT(*) AS n FROM 'many'" >out 2>err &
  job=$!
  sleep 1
  kill -$name $job
  code=0
  wait $job || code=$?
  said="SIG$name"
  if [ $name = INT ]; then code_is 130; else code_is 143; fi
  out_empty
  err_has "^weir: stopped by .* after [1-9][0-9 ]* rows in"
  grep -q '"status": "interrupted"' stats.json || fail "the statistics do not say so"

  env --default-signal=INT "$weir" convert many made.arrow >out 2>err &
  job=$!
  sleep 1
  kill -$name $job
  code=0
  wait $job || code=$?
  said="convert, SIG$name"
  if [ $name = INT ]; then code_is 130; else code_is 143; fi
  err_has "not complete"
  [ ! -e made.arrow ] || fail "half a file was left"
done
finish
