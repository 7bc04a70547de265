-- mode: batch; a group window over a computed time in a batch
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_END(ts + INTERVAL '3' SECOND, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS we, k, COUNT(*) AS n
FROM late
GROUP BY HOP(ts + INTERVAL '3' SECOND, INTERVAL '5' SECOND, INTERVAL '10' SECOND), k;
