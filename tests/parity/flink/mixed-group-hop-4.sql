-- mode: streaming; many rows out of order, older HOP of odd parts
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '12' SECOND) AS ws, k, COUNT(*) AS n, SUM(v) AS s, MIN(v) AS mi, MAX(ts) AS mt
FROM mixed
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '12' SECOND), k;
