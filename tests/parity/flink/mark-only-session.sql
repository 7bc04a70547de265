-- mode: streaming; a W that few rows give; sessions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE steps (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS CASE WHEN k = 'jump' THEN ts ELSE CAST(NULL AS TIMESTAMP(3)) END
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/steps.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE steps PARTITION BY k, DESCRIPTOR(ts), INTERVAL '40' SECOND))
GROUP BY window_start, window_end, k;
