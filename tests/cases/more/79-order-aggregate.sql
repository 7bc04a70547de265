-- mode: batch; ordered; ORDER BY an aggregate that is not in the result
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k FROM ticks GROUP BY k HAVING COUNT(*) > 1 ORDER BY SUM(v) DESC, k;
