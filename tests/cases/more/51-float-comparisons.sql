-- mode: batch; comparisons with NaN are false, but <>
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE types (
  id INT, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, st STRING, da DATE,
  ts TIMESTAMP(3), us TIMESTAMP(6)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, x = f AS a, x <> f AS b, x < f AS c, x > f AS d, x <= f AS e, x >= f AS g, x = 0 AS h, f = -0.0e0 AS j, x > 1 AS k, x IS NULL AS l, x BETWEEN -1 AND 1 AS m, x IN (1.5e0, -2.25e0) AS n
FROM types;
