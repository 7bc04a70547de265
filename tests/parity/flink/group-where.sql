-- mode: streaming; WHERE drops rows that move W
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, TUMBLE_END(ts, INTERVAL '10' SECOND) AS we, TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM late
WHERE v >= 10
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
