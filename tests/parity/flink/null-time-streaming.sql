-- mode: streaming; a NULL time: Flink fails, weir counts the row and goes on
-- weir gives what Flink gives without the rows whose time is NULL.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE nulltime (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nulltime.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE nulltime, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
