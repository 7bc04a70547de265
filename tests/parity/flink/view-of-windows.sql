-- mode: streaming; a view of windows, filtered and computed upon
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT window_start, window_end, window_time, k, COUNT(*) AS n
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) GROUP BY window_start, window_end, window_time, k;

SELECT window_start, k, n * 10 AS n10, window_time
FROM w WHERE n > 1;
