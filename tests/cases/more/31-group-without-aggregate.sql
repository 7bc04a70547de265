-- mode: streaming
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_end, k FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '20' MINUTE)) GROUP BY k, window_end, window_start;
