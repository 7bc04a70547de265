-- mode: streaming; many rows out of order
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS s, MIN(v) AS mi, MAX(ts) AS mt
FROM TABLE(CUMULATE(TABLE mixed, DESCRIPTOR(ts), INTERVAL '3' SECOND, INTERVAL '15' SECOND))
GROUP BY window_start, window_end, k;
