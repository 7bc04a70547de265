-- mode: batch; the size is no multiple of the slide; with an offset
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE ticks, DESCRIPTOR(ts), INTERVAL '70' SECOND, INTERVAL '4' MINUTE, INTERVAL '15' SECOND))
GROUP BY window_start, window_end, window_time, k;
