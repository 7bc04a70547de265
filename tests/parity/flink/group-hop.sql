-- mode: streaming; the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND) AS ws, HOP_END(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND) AS we, HOP_ROWTIME(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND) AS wr, k, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS sv, MIN(v) AS minv, MAX(v) AS maxv, AVG(v) AS av
FROM late
GROUP BY HOP(ts, INTERVAL '10' SECOND, INTERVAL '30' SECOND), k;
