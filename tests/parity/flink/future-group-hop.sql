-- mode: streaming; W leaps over centuries; the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE future (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/future.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '7' SECOND, INTERVAL '15' SECOND) AS ws, HOP_END(ts, INTERVAL '7' SECOND, INTERVAL '15' SECOND) AS we, HOP_ROWTIME(ts, INTERVAL '7' SECOND, INTERVAL '15' SECOND) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM future
GROUP BY HOP(ts, INTERVAL '7' SECOND, INTERVAL '15' SECOND), k;
