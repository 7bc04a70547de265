-- mode: streaming; many rows out of order, a window over a computed time
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts + INTERVAL '2' SECOND, INTERVAL '4' SECOND, INTERVAL '8' SECOND) AS ws, k, COUNT(*) AS n, SUM(v) AS s, MIN(v) AS mi, MAX(ts) AS mt
FROM mixed
GROUP BY HOP(ts + INTERVAL '2' SECOND, INTERVAL '4' SECOND, INTERVAL '8' SECOND), k;
