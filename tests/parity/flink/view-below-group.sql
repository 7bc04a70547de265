-- mode: streaming; a view that computes keys below the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW named AS SELECT ts, v IS NULL AS kind, v * 2 AS w FROM sessions WHERE u = 'x' OR v IS NULL;

SELECT SESSION_START(ts, INTERVAL '10' SECOND) AS ws, kind, SUM(w) AS s
FROM named
GROUP BY SESSION(ts, INTERVAL '10' SECOND), kind;
