-- mode: streaming; W equals the greatest time: a row of the same time is on time unless its window is closed
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ties (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ties.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, SUM(v) AS sv, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE ties, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
