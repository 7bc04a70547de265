-- mode: streaming; HAVING over the bounds of the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, COUNT(*) AS n, TUMBLE_END(ts, INTERVAL '10' SECOND) AS we
FROM late
WHERE v IS NULL OR v <> 4
GROUP BY k, TUMBLE(ts, INTERVAL '10' SECOND)
HAVING TUMBLE_START(ts, INTERVAL '10' SECOND) >= TIMESTAMP '2024-05-01 10:00:10' AND COUNT(*) >= 2;
