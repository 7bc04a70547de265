-- mode: streaming; a group window over an earlier time: nothing is on time
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts - INTERVAL '30' SECOND, INTERVAL '10' SECOND) AS ws, k, COUNT(*) AS n
FROM late
GROUP BY TUMBLE(ts - INTERVAL '30' SECOND, INTERVAL '10' SECOND), k;
