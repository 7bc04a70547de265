-- mode: batch; with GROUP BY it gives none
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE nothing (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nothing.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, COUNT(*) AS n, SUM(v) AS s FROM nothing GROUP BY k;
