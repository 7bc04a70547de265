-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, st LIKE 'a%' AS a, st LIKE '%a' AS b, st LIKE '%a%' AS c, st LIKE '_' AS e, st LIKE 'a_b' AS g, st LIKE 'a!%b' ESCAPE '!' AS h, st NOT LIKE '%a%' AS j, st LIKE '' AS k, st LIKE 'alpha' AS l, st LIKE 'A%' AS m, st LIKE '%_a%_' AS n, st LIKE 'a\%b' AS o, st LIKE '%%' AS p
FROM types;
