-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, o AND t > 0 AS a, o OR t > 0 AS b, NOT o AS c, o IS TRUE AS e, o IS NOT TRUE AS g, o IS FALSE AS h, o IS NOT FALSE AS j, (o AND t > 0) IS UNKNOWN AS k, o IS NOT UNKNOWN AS l, o = TRUE AS m, o IS NOT DISTINCT FROM TRUE AS n, t IS DISTINCT FROM 7 AS p, t <> 7 AND s IS NOT NULL OR NOT (i < 0) AS q
FROM types;
