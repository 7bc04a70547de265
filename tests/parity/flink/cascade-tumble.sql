-- mode: streaming; windows over the window_time of windows
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT window_start AS ws, window_end AS we, window_time AS rt, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time, k;

SELECT window_start, window_end, k, SUM(n) AS n, COUNT(*) AS windows
FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(rt), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
