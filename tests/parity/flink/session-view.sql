-- mode: streaming; a view of sessions, filtered again
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW counted AS SELECT window_start, window_end, k, COUNT(*) AS n
FROM TABLE(SESSION(TABLE sessions PARTITION BY k, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;

SELECT window_start, k, n FROM counted WHERE n > 1 OR k IS NULL;
