-- mode: streaming; rows that are not aggregated: SESSION drops late ones
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, v, window_start, window_end, window_time FROM TABLE(SESSION(TABLE late PARTITION BY k, DESCRIPTOR(ts), INTERVAL '6' SECOND));
