-- mode: batch; literals of digits with a point are decimals
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, d + 1 AS a, d - 0.005 AS b, d * 1.5 AS c, d / 3 AS e, d % 7 AS g, -d AS h, ABS(d) AS j, ROUND(d, 1) AS k, FLOOR(d) AS l, CEIL(d) AS m, d > 100.5 AS n, 1.0 / 3 AS o, 1.50 + 2 AS p, i * 0.01 AS q, d + x AS r, 2.5 * 2.5 AS s2
FROM types WHERE x < 1e300 AND x > -1e300;
