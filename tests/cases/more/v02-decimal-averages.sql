-- mode: batch; shares; SUM over only -0.0 is -0.0, AVG is 0.0; the minimum of a FLOAT with literals
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, k STRING, f FLOAT, x DOUBLE, d DECIMAL(38,18), dd DECIMAL(20,2), o BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-decimals.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, 100.0 * COUNT(x) / COUNT(*) AS c1, SUM(id) * 1.0 / COUNT(*) AS c2, 100.0 * COUNT(*) / (COUNT(o) + 1) AS c3,
  SUM(f) AS c4, SUM(x) AS c5, AVG(x) AS c6, MIN(f) = 0.1 AS c7, MIN(f) = 0.1e0 AS c8, MIN(f) > 0.1e0 AS c9
FROM t GROUP BY k;
