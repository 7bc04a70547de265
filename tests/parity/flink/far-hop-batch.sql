-- mode: batch; from year 1 to 9999, gaps
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE far (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/far.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE far, DESCRIPTOR(ts), INTERVAL '5' DAY, INTERVAL '2' DAY))
GROUP BY window_start, window_end, k;
