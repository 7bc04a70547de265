-- mode: streaming; a W of whole minutes
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE steps (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS FLOOR(ts TO MINUTE)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/steps.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE steps, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
