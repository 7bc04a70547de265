-- mode: streaming; the older form without an aggregate
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws
FROM late
GROUP BY k, TUMBLE(ts, INTERVAL '10' SECOND);
