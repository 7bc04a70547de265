-- mode: streaming; an expression of a bound beside aggregates
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_END(ts, INTERVAL '20' SECOND) AS we, COUNT(*) + 1 AS n1, SUM(v) / COUNT(*) AS q
FROM late
WHERE v IS NOT NULL
GROUP BY TUMBLE(ts, INTERVAL '20' SECOND);
