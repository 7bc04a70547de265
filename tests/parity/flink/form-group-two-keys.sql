-- mode: streaming; two keys with NULLs in the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE sessions (
  ts TIMESTAMP(3), k STRING, u STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sessions.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '30' SECOND) AS ws, TUMBLE_END(ts, INTERVAL '30' SECOND) AS we, TUMBLE_ROWTIME(ts, INTERVAL '30' SECOND) AS wr, k, u, COUNT(*) AS n, SUM(v) AS sv
FROM sessions
GROUP BY TUMBLE(ts, INTERVAL '30' SECOND), k, u;
