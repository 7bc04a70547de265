-- mode: streaming; a delay that keeps W at or below 1970 for longer
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE epoch, DESCRIPTOR(ts), INTERVAL '30' SECOND))
GROUP BY window_start, window_end, k;
