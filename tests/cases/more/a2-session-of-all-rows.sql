-- mode: streaming; without PARTITION BY
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, COUNT(v) AS nv, MAX(k) AS k
FROM TABLE(SESSION(TABLE ticks, DESCRIPTOR(ts), INTERVAL '3' SECOND))
GROUP BY window_start, window_end;
