-- mode: streaming; a group window over a computed time with the time itself as a key
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts + INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS s, FLOOR(ts TO MINUTE) AS f, COUNT(*) AS n, MIN(ts) AS m
FROM late
GROUP BY TUMBLE(ts + INTERVAL '5' SECOND, INTERVAL '10' SECOND), FLOOR(ts TO MINUTE)
HAVING COUNT(*) > 0;
