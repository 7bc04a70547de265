-- mode: batch; one row
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, k STRING, f FLOAT, x DOUBLE, d DECIMAL(38,18), dd DECIMAL(20,2), o BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-decimals.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT 100.0 * COUNT(x) / COUNT(*) AS c1, SUM(f) AS c2, SUM(x) AS c3, AVG(x) AS c4, AVG(f) AS c5
FROM t WHERE id < 3;
