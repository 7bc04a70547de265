-- mode: streaming; a W that leaps ahead, falls back and is NULL
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE steps (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS CASE WHEN k = 'jump' THEN ts + INTERVAL '30' SECOND WHEN k IS NULL THEN CAST(NULL AS TIMESTAMP(3)) ELSE ts - INTERVAL '1' MINUTE END
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/steps.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE steps, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
