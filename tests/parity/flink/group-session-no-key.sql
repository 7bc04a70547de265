-- mode: streaming; no key
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '5.001' SECOND) AS ws, SESSION_END(ts, INTERVAL '5.001' SECOND) AS we, SESSION_ROWTIME(ts, INTERVAL '5.001' SECOND) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM sessions
GROUP BY SESSION(ts, INTERVAL '5.001' SECOND);
