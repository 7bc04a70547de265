-- mode: streaming; a positive offset, NULL keys and values, late rows
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS sv, MIN(x) AS minx, MAX(x) AS maxx, AVG(v) AS av, AVG(x) AS ax
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '7' MINUTE, INTERVAL '95' SECOND))
GROUP BY window_start, window_end, window_time, k;
