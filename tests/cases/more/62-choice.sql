-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CASE WHEN t > 0 THEN 'plus' WHEN t < 0 THEN 'minus' WHEN t = 0 THEN 'zero' END AS a, CASE t WHEN 7 THEN 'seven' WHEN 0 THEN 'nought' ELSE 'other' END AS b, COALESCE(t, s, 0) AS c, COALESCE(st, CAST(da AS STRING), '-') AS e, NULLIF(t, 7) AS g, IF(o, st, 'no') AS h, IFNULL(i, -1) AS j, GREATEST(t, 5) AS k, LEAST(s, i) AS l, COALESCE(x, 0.5e0) AS m, CASE WHEN o THEN t ELSE b END AS n, CASE WHEN o THEN 1 ELSE 2.5 END AS p, NULLIF(st, 'x') IS NULL AS q
FROM types;
