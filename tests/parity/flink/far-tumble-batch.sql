-- mode: batch; from year 1 to 9999, windows of days
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE far (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/far.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE far, DESCRIPTOR(ts), INTERVAL '7' DAY, INTERVAL '3' DAY))
GROUP BY window_start, window_end, window_time, k;
