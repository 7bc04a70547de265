-- mode: batch; functions and operators over mixed types
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, SIGN(n) AS c1, SIGN(d) AS c2, FLOOR(d) AS c3, CEIL(d) AS c4, FLOOR(n) AS c5, CEIL(x) AS c6,
  ROUND(d, 2) AS c7, ROUND(d, 0) AS c8, ROUND(d) AS c9, ROUND(d, -1) AS c10, ROUND(d, 4) AS c11, ROUND(n, -1) AS c12,
  ROUND(p, -3) AS c13, ROUND(2.5) AS c14, ROUND(-2.5) AS c15, ROUND(25, -1) AS c16, ROUND(-25, -1) AS c17,
  ROUND(2.5e0, 0) AS c18, ROUND(-2.5e0, 0) AS c19, ROUND(1.45e0, 1) AS c20, ROUND(0.285e0, 2) AS c21,
  ROUND(1e300, -299) AS c22, ROUND(123.456, -2) AS c23, ROUND(123.456, -4) AS c24, EXP(1) AS c25, EXP(710) AS c26,
  LN(2.718281828459045e0) AS c27, LN(d) AS c28, POWER(2, 0.5) AS c29, POWER(0, -1) AS c30, POWER(n, m) AS c31,
  POWER(x, 2) AS c32, MOD(d, 2) AS c33, MOD(n, 2.5) AS c34, n % 2 AS c35, b % 3 AS c36, - -n AS c37, ABS(d) AS c38,
  CAST(ABS(f) AS DOUBLE) AS c39, ABS(b) AS c40, 1 + 1.5 AS c41, 1 + 1e0 AS c42, CAST(f + n AS DOUBLE) AS c43,
  CAST(n + f AS DOUBLE) AS c44, CAST(f + x AS DOUBLE) AS c45, f * d AS c46, d * f AS c47,
  CAST(f / 3 AS DOUBLE) AS c48, CAST(f * 2 AS DOUBLE) AS c49, f - 0.1 AS c50, f + 0.1 AS c51,
  CAST(f + 0.1e0 AS DOUBLE) AS c52, CAST(f / x AS DOUBLE) AS c53, n / 2 AS c54, n / 2.0 AS c55, n / 2e0 AS c56,
  n * 1.5 AS c57, n - 0.5 AS c58, d * 1.5 AS c59, d / 1.5 AS c60, d + 1.55555 AS c61, b / 2 AS c62, b * 1.5 AS c63,
  b / 3.0 AS c64
FROM t;
