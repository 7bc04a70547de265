-- mode: streaming; no whole number of slides in a window
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND) AS ws, HOP_END(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND) AS we, HOP_ROWTIME(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM late
GROUP BY HOP(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND), k;
