-- mode: batch; division truncates, the remainder has the sign of the dividend
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, i / 7 AS a, i % 7 AS b, MOD(b, -1000) AS c, -t AS d, t + s AS e, s * 3 AS f, i - b AS g, t / -3 AS h, s % 10 AS j, ABS(s) AS k, SIGN(i) AS l, 7 / 2 AS m, -7 / 2 AS n, 7 % -3 AS o, 2 + 3 * 4 - 10 / 4 AS p, (2 + 3) * 4 AS q
FROM types WHERE t > -128 AND s > -32768 AND s < 10000;
