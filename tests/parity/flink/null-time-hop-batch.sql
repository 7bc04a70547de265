-- mode: batch; a NULL time: the row is left out; HOP with an odd ratio
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE nulltime (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nulltime.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE nulltime, DESCRIPTOR(ts), INTERVAL '40' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
