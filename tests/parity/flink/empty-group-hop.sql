-- mode: streaming; no row; the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE nothing (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/empty.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '10' SECOND, INTERVAL '20' SECOND) AS ws, HOP_END(ts, INTERVAL '10' SECOND, INTERVAL '20' SECOND) AS we, HOP_ROWTIME(ts, INTERVAL '10' SECOND, INTERVAL '20' SECOND) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM nothing
GROUP BY HOP(ts, INTERVAL '10' SECOND, INTERVAL '20' SECOND), k;
