-- mode: streaming; no bound is selected
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, COUNT(*) AS n
FROM late
GROUP BY k, HOP(ts, INTERVAL '10' SECOND, INTERVAL '20' SECOND);
