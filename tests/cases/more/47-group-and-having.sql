-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, COUNT(*) AS n, SUM(v) AS s, AVG(x) AS a FROM ticks WHERE x > 0 GROUP BY k HAVING COUNT(*) > 2 AND SUM(v) IS NOT NULL;
