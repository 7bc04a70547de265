-- mode: batch; NaN and -0.0 in comparisons, NOT, GREATEST and LEAST
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, x = 0e0 AS c1, x = -0.0e0 AS c2, x > 0.5 AS c3, x > 0.5e0 AS c4, x < 2.0 AS c5, x <= 1.5 AS c6,
  NOT (x > 0.5) AS c7, NOT (x > 0.5e0) AS c8, NOT (x <= 0.5) AS c9, NOT (x <= 0.5e0) AS c10, NOT (x = 1.5) AS c11,
  NOT (x < y) AS c12, x > 0.5 AND x < 2.0 AS c13, x > 0.5 OR x < 0.2 AS c14, x > 0.5e0 OR x < 0.2e0 AS c15,
  x >= 0.0 AS c16, x < 0.0 AS c17, x <= 0.0 AS c18, x >= 0e0 AS c19, x > 1 AS c20, x BETWEEN 0.5 AND 2.5 AS c21,
  x BETWEEN 0.5e0 AND 2.5e0 AS c22, x NOT BETWEEN 0.5 AND 2.5 AS c23, x NOT BETWEEN 0.5e0 AND 2.5e0 AS c24,
  x > d AS c25, x < y AS c26, x > y AS c27, x = y AS c28, x IS DISTINCT FROM y AS c29, GREATEST(x, y) AS c30,
  GREATEST(y, x) AS c31, LEAST(x, y) AS c32, LEAST(y, x) AS c33, GREATEST(x, 1e0) AS c34, GREATEST(1e0, x) AS c35,
  LEAST(x, 1e0) AS c36, GREATEST(x, n) AS c37, GREATEST(f, y) AS c38, GREATEST(x, 0.5) AS c39
FROM t;
