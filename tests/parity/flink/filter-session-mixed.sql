-- mode: streaming; many rows out of order, FILTER in sessions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) FILTER (WHERE v > 0) AS a, SUM(v) FILTER (WHERE v < 0) AS b, MIN(ts) FILTER (WHERE v IS NULL) AS c
FROM TABLE(SESSION(TABLE mixed PARTITION BY k, DESCRIPTOR(ts), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, k;
