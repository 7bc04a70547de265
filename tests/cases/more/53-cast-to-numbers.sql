-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(d AS INT) AS a, CAST(d AS BIGINT) AS b, CAST(d AS DOUBLE) AS c, CAST(t AS BIGINT) AS e, CAST(s AS DOUBLE) AS g, CAST(CAST(b AS FLOAT) AS DOUBLE) AS h, CAST(i AS DECIMAL(12, 1)) AS j, CAST(d AS DECIMAL(8, 1)) AS k, CAST('12.7' AS INT) AS l, CAST(' 42 ' AS BIGINT) AS m, CAST('1e3' AS DOUBLE) AS n, CAST(-2.5 AS INT) AS o, CAST(o AS INT) AS p, CAST(1.999 AS INT) AS q, TRY_CAST(st AS INT) AS r, TRY_CAST('7' AS SMALLINT) AS s2
FROM types;
