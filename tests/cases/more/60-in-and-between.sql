-- mode: batch; three-valued logic
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, i IN (0, 2147483647) AS a, st IN ('x', 'zz', 'Beta') AS b, st NOT IN ('x', CAST(NULL AS STRING)) AS c, t BETWEEN -7 AND 7 AS e, t NOT BETWEEN -7 AND 7 AS g, da IN (DATE '2024-02-29', DATE '2000-01-01') AS h, d BETWEEN 0 AND 50000.00 AS j, st BETWEEN 'a' AND 'b' AS k, ts BETWEEN TIMESTAMP '2000-01-01 00:00:00' AND TIMESTAMP '2024-01-01 00:00:00' AS l, i BETWEEN 7 AND 1 AS m
FROM types;
