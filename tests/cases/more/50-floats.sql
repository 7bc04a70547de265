-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(f + x AS DOUBLE) AS a, x * 2 AS b, CAST(f / 3 AS DOUBLE) AS c, x / 0 AS d, x - 0.5 AS e, SQRT(ABS(x)) AS g, POWER(x, 2) AS h, EXP(x / 1e10) AS j, FLOOR(x) AS k, CEIL(x) AS l, ROUND(x + 0e0, 1) AS m, -x AS n, ABS(f) AS o, i * x AS p, i / 2e0 AS q, SIGN(x) AS r
FROM types WHERE x < 1e300 AND x > -1e300 AND f < 1e300 AND f > -1e300;
