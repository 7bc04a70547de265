-- mode: batch; signs of zero, division, rounding, overflow to NULL
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, -0.0e0 AS c1, 0e0 * -1 AS c2, CAST('-0.0' AS DOUBLE) AS c3, -x AS c4, -1 * x AS c5, x * 0 AS c6,
  x * -0e0 AS c7, ABS(-0.0e0) AS c8, SQRT(2) AS c9, SQRT(x) AS c10, POWER(x, 0.5) AS c11, x / 0 AS c12,
  -x / 0 AS c13, 1 / 3 AS c14, -7 / 2 AS c15, -7 % 2 AS c16, 7 % -2 AS c17, 1.0 / 3 AS c18, 2 / 3.0 AS c19,
  10 / 4 AS c20, 10.0 / 4 AS c21, 1e0 / 3 AS c22, d / 3 AS c23, d / d AS c24, d * d AS c25, d / x AS c26,
  d + n AS c27, d * n AS c28, d - 0.0005 AS c29, p * p AS c30, p / 7 AS c31, p / p AS c32, p + 0.0001 AS c33,
  CAST(p AS DOUBLE) AS c34, CAST(CAST(p AS FLOAT) AS DOUBLE) AS c35, p = 123456789012345.678 AS c36, p > 1e14 AS c37,
  CAST(p AS BIGINT) AS c38, CAST(p AS STRING) AS c39, CAST(p AS DECIMAL(18,1)) AS c40,
  CAST(p AS DECIMAL(10,0)) AS c41, p * 1e0 AS c42, CAST(123456789012345.678 AS DOUBLE) AS c43,
  123456789012345.678 * 1e0 AS c44, b + 1 AS c45, b * 4 AS c46, CAST(n AS TINYINT) AS c47
FROM t;
