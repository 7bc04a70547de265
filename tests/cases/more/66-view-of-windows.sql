-- mode: streaming; a view that holds the window
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW per_window AS
SELECT window_start AS ws, window_end AS we, k, COUNT(*) AS n, SUM(v) AS sv FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end, k;

SELECT ws, k, n, sv, n * 100 AS pct FROM per_window WHERE n > 2 AND sv IS NOT NULL;
