-- mode: batch; slide > size: rows of a gap belong to no window
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(x) AS sx
FROM TABLE(HOP(TABLE ticks, DESCRIPTOR(ts), INTERVAL '10' MINUTE, INTERVAL '3' MINUTE, INTERVAL -'4' MINUTE))
GROUP BY window_start, window_end, k;
