-- mode: streaming; WHERE and HAVING
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '10' SECOND) AS ws, SESSION_END(ts, INTERVAL '10' SECOND) AS we, SESSION_ROWTIME(ts, INTERVAL '10' SECOND) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM sessions
WHERE u = 'x'
GROUP BY SESSION(ts, INTERVAL '10' SECOND), k
HAVING COUNT(*) > 1;
