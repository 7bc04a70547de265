-- mode: streaming; rows of sessions that are not aggregated
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, u, v, window_start, window_end FROM TABLE(SESSION(TABLE sessions PARTITION BY (k, u), DESCRIPTOR(ts), INTERVAL '10' SECOND));
