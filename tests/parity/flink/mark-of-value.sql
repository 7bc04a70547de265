-- mode: streaming; a W made of a value: each row names its own delay
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE steps (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND * v
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/steps.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE steps, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
