-- mode: streaming; a view that computes keys below sessions
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW named AS SELECT ts, COALESCE(k, 'none') || '-' || COALESCE(u, 'none') AS kind, v FROM sessions WHERE v IS NOT NULL;

SELECT window_start, window_end, kind, COUNT(*) AS n
FROM TABLE(SESSION(TABLE named PARTITION BY kind, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, kind;
