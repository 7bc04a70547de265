#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A folder that is watched for new files ('source.monitor-interval'). No check depends on how long something takes.
. "$(dirname "$0")/check.sh"

# ask_line: the next line of descriptor 4, into `line`
ask_line() { line=$(timeout 60 sh -c 'IFS= read -r line; printf %s "$line"' <&4) || line="(nothing came)"; }
line_is() {
  ask_line
  [ "$line" = "$1" ] || fail "expected the line '$1' and got '$line'; stderr: $(cat err)"
}
# put NAME LINES: a file that is whole when it gets its name
put() {
  printf '%s' "$2" >"folder/.writing"
  mv folder/.writing "folder/$1"
}
# watch SCRIPT: weir in the background, its output on descriptor 4
watch() {
  said="weir run $1"
  rm -f out.fifo
  mkfifo out.fifo
  env --default-signal=INT "$weir" run "$1" >out.fifo 2>err &
  job=$!
  exec 4<out.fifo
}
# stop CODE
stop() {
  kill -INT $job
  code=0
  wait $job || code=$?
  code_is "$1"
  exec 4<&-
}
# rows PATH FORMAT [OPTION]: a script that shows the rows as they come
rows() {
  cat <<END
CREATE TABLE t (k STRING, v BIGINT)
WITH ('connector' = 'filesystem', 'path' = '$1', 'format' = '$2', 'source.monitor-interval' = '20 ms'${3-});
SELECT k, v FROM t;
END
}

# Files that are there, then those that come: each once, the ones of one look in byte order of path.
mkdir folder
put b.csv "b,1
"
put a.csv "a,1
a,2
"
put _hidden.csv "hidden,1
"
put .hidden.csv "hidden,2
"
mkdir folder/below
rows folder csv >rows.sql
watch rows.sql
line_is k,v
line_is a,1
line_is a,2
line_is b,1
put c.csv "c,1
"
line_is c,1
# The same name again is no new file; nor is one that is touched.
put a.csv "again,1
"
touch folder/b.csv
put empty.csv ""
put 0.csv "zero,1
"
line_is zero,1
put last "last,1
"
line_is last,1
stop 130
err_has "stopped by Ctrl-C after 6 rows in"

# A folder that is empty at first, and one that is missing.
rm -rf folder
mkdir folder
watch rows.sql
put x.csv "x,1
"
line_is k,v
line_is x,1
stop 130
rows nowhere csv >missing.sql
run run missing.sql
fails "cannot read 'nowhere'"
rows 'nowhere/*.csv' csv >missing.sql
run run missing.sql
fails "there is no directory 'nowhere'"
# One that vanishes.
watch rows.sql
line_is k,v
line_is x,1
rm -r folder
code=0
wait $job || code=$?
said="a folder that vanishes"
code_is 1
err_has "cannot read 'folder'"
exec 4<&-

# A glob.
mkdir folder
rows 'folder/*.csv' csv >glob.sql
watch glob.sql
put no.txt "no,1
"
put yes.csv "yes,1
"
line_is k,v
line_is yes,1
stop 130

# Windows close as files come; late rows are judged as in any stream.
rm -rf folder
mkdir folder
cat >windows.sql <<'END'
CREATE TABLE t (ts TIMESTAMP(3), k STRING, WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'folder', 'format' = 'csv', 'source.monitor-interval' = '20ms',
      'csv.header' = 'true');
SELECT window_start, k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
END
watch windows.sql
put 1.csv "ts,k
2024-01-01 00:00:01,a
2024-01-01 00:00:12,a
"
line_is window_start,k,n
line_is "2024-01-01 00:00:00,a,1"
put 2.csv "ts,k
2024-01-01 00:00:02,a
2024-01-01 00:00:21,a
"
line_is "2024-01-01 00:00:10,a,1"
stop 130
err_has "1 late"

# 10 000 files, all read once.
rm -rf folder
mkdir folder many
awk 'BEGIN { for (i = 0; i < 10000; i++) { file = sprintf("many/%05d.csv", i); printf "f,%d\n", i > file; close(file) } }'
(cd many && mv ./* ../folder)
rows folder csv >many.sql
watch many.sql
timeout 300 sed 10001q <&4 >got || fail "10 000 files were not all read; stderr: $(tail -n 3 err)"
is "rows of 10 000 files" "$(tail -n +2 got | sort -u | wc -l)" 10000
is "the first of them" "$(sed -n 2p got)" f,0
stop 130

# What needs an end is refused, as are options that mean nothing.
sed 's/SELECT k, v FROM t/SELECT k, v FROM t ORDER BY v/' rows.sql >order.sql
run run order.sql
fails "ORDER BY"
sed 's/SELECT k, v FROM t/SELECT k, SUM(v) AS s FROM t GROUP BY k/' rows.sql >group.sql
run run group.sql
code_is 1
out_empty
for interval in '' '0 s' '1 fortnight' '-1 s' 's' '1.5 s' '99999999999999999999 s' '0' '10 ns'; do
  sed "s/'20 ms'/'$interval'/" rows.sql >bad.sql
  run run bad.sql
  fails "source.monitor-interval"
done
for interval in '1' '20ms' '20 millis' '1 s' '1 second' '1 min' '1 h' '1 d' ' 7  seconds '; do
  sed "s/'20 ms'/'$interval'/" rows.sql >good.sql
  run explain good.sql
  code_is 0
  out_has "watched every [0-9]+ ms, 10000 files now"
done
rows - csv >pipe.sql
run run pipe.sql
fails "is a pipe, which is read as it comes anyway"
rows folder arrow >arrow.sql
rm -rf folder
mkdir folder
run run arrow.sql
fails "holds no file yet, and of the format 'arrow'"

# Arrow files, the first of which is there.
printf 'k,v\na,1\n' >one.csv
run query -o arrow "SELECT k, v FROM 'one.csv'"
cp out folder/1.arrows
watch arrow.sql
line_is k,v
line_is a,1
cp out folder/.2
mv folder/.2 folder/2.arrows
line_is a,1
# A file that is no Arrow file, and one that is compressed.
printf 'nonsense' >folder/3.arrows
code=0
wait $job || code=$?
said="a file of another format"
code_is 1
err_has "'folder/3.arrows'"
exec 4<&-
rm folder/*
rows folder csv >rows.sql
watch rows.sql
put x.csv.gz "x"
code=0
wait $job || code=$?
said="a compressed file"
code_is 1
err_has "compressed"
exec 4<&-
finish
