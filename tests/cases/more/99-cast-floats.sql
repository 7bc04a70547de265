-- mode: batch; to integers: cut and saturated; NaN is 0
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(x AS INT) AS a, CAST(x AS BIGINT) AS b1, CAST(f AS INT) AS c, CAST(f AS BIGINT) AS e, CAST(o AS TINYINT) AS g, CAST(i AS BOOLEAN) AS h, '<' || CAST(st AS CHAR(5)) || '>' AS j, '<' || CAST(st AS VARCHAR(4)) || '>' AS k, '=' || CAST(x / 3 AS STRING) AS l, '=' || CAST(x * 12345678 AS STRING) AS m
FROM types;
