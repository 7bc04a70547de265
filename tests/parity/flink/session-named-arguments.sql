-- mode: streaming; named arguments
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, u, COUNT(*) AS n
FROM TABLE(SESSION(DATA => TABLE sessions PARTITION BY u, TIMECOL => DESCRIPTOR(ts), GAP => INTERVAL '10' SECOND))
GROUP BY window_start, window_end, u;
