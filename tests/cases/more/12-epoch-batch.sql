-- mode: batch; times before 1970, and far before
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE epoch, DESCRIPTOR(ts), INTERVAL '7' MINUTE, INTERVAL '15' MINUTE))
GROUP BY window_start, window_end, window_time, k;
