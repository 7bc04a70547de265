-- mode: streaming; a SESSION over a computed time, HAVING over bounds and FILTER
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts + INTERVAL '1' SECOND, INTERVAL '6' SECOND) AS s, k, COUNT(*) FILTER (WHERE v > 5) AS a, COUNT(*) AS n
FROM late
GROUP BY SESSION(ts + INTERVAL '1' SECOND, INTERVAL '6' SECOND), k
HAVING SESSION_END(ts + INTERVAL '1' SECOND, INTERVAL '6' SECOND) > TIMESTAMP '2024-05-01 10:00:20';
