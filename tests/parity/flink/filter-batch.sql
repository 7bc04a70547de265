-- mode: batch; FILTER without windows in a batch, of literals and expressions
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, COUNT(1) FILTER (WHERE v > 5) AS a, SUM(2) FILTER (WHERE v > 5) AS b, SUM(v * 2) FILTER (WHERE v > 5 AND k IN ('a', 'b')) AS c, MAX('x') FILTER (WHERE v IS NULL) AS d FROM late GROUP BY k;
