-- mode: batch; aggregates of nothing in a batch
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT COUNT(*) AS n, SUM(v) AS s, MAX(k) AS m, COALESCE(AVG(v), -1) AS a FROM late WHERE v > 1000;
