-- mode: streaming; many rows out of order, FILTER
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) FILTER (WHERE v > 0) AS a, SUM(v) FILTER (WHERE v < 0) AS b
FROM TABLE(HOP(TABLE mixed, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
