-- mode: batch; 1970 in batch mode, an odd ratio and a negative offset
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE epoch, DESCRIPTOR(ts), INTERVAL '40' SECOND, INTERVAL '90' SECOND, INTERVAL -'15' SECOND))
GROUP BY window_start, window_end, k;
