-- mode: streaming; WHERE on the time below the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, COUNT(*) AS n
FROM late
WHERE ts >= TIMESTAMP '2024-05-01 10:00:12' AND ts <> TIMESTAMP '2024-05-01 10:00:19.999'
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
