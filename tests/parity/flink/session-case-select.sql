-- mode: streaming; CASE over bounds and aggregates of sessions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, CASE WHEN window_end > window_start + INTERVAL '20' SECOND THEN 'long' ELSE 'short' END AS c, COUNT(*) AS n, COALESCE(MAX(u), 'none') AS u
FROM TABLE(SESSION(TABLE sessions PARTITION BY k, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k
HAVING MIN(v) < 20;
