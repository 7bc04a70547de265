-- mode: streaming; aggregates of expressions and of the window bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, window_end, window_start, MIN(ts) AS first_ts, MAX(ts) AS last_ts, SUM(CASE WHEN u = 'x' THEN v ELSE 0 END) AS sx, COUNT(u) AS nu
FROM TABLE(SESSION(TABLE sessions PARTITION BY k, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
