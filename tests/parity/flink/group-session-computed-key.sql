-- mode: streaming; older sessions by a computed key
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '6' SECOND) AS s, SESSION_END(ts, INTERVAL '6' SECOND) AS e, k = 'a' AS a, COUNT(*) AS n, MIN(v) AS m
FROM late
GROUP BY SESSION(ts, INTERVAL '6' SECOND), k = 'a';
