-- mode: batch; a folder is a table of several files
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE days (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, SUM(v) AS sv, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE days, DESCRIPTOR(ts), INTERVAL '12' HOUR)) GROUP BY window_start, window_end, k;
