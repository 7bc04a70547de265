-- mode: streaming; many rows out of order
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '4' SECOND) AS ws, SESSION_END(ts, INTERVAL '4' SECOND) AS we, k, COUNT(*) AS n, SUM(v) AS s, MIN(v) AS mi, MAX(ts) AS mt
FROM mixed
GROUP BY SESSION(ts, INTERVAL '4' SECOND), k;
