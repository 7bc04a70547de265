-- mode: batch; gaps, a negative offset
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '8' SECOND, INTERVAL -'3' SECOND))
GROUP BY window_start, window_end, k;
