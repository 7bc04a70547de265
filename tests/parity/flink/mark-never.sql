-- mode: streaming; a W that no row gives: all fires at the end
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE steps (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS CASE WHEN k = 'nobody' THEN ts ELSE CAST(NULL AS TIMESTAMP(3)) END
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/steps.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE steps, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
