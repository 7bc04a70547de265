-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, '=' || CAST(t AS STRING) AS a, '=' || CAST(b AS STRING) AS b2, '=' || CAST(x AS STRING) AS c, '=' || CAST(f AS STRING) AS e, '=' || CAST(d AS STRING) AS g, '=' || CAST(o AS STRING) AS h, '=' || CAST(da AS STRING) AS j, '=' || CAST(ts AS STRING) AS k, '=' || CAST(us AS STRING) AS l, '=' || CAST('abcdef' AS VARCHAR(3)) AS m, '=' || CAST(1e20 AS STRING) AS n, '=' || CAST(1e-5 AS STRING) AS p, '=' || CAST(100e0 AS STRING) AS q, '=' || CAST(0.1e0 AS STRING) AS r, '=' || CAST(1.10 AS STRING) AS s2
FROM types;
