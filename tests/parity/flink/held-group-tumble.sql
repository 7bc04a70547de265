-- mode: streaming; rows that come just before a window closes; the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE held (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/held.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, k, COUNT(*) AS n, SUM(v) AS sv
FROM held
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
