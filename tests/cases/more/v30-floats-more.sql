-- mode: batch; truth of comparisons with NaN; arithmetic
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, f FLOAT, x DOUBLE, d DECIMAL(38,18), s STRING, ts0 TIMESTAMP(0), o BOOLEAN, n INT, c CHAR(3), v VARCHAR(3),
  b BIGINT, us TIMESTAMP(6), ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-floats.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, GREATEST(ts, us) AS c1, LEAST(ts0, ts) AS c2, ts BETWEEN ts0 AND us AS c3,
  ts BETWEEN SYMMETRIC us AND ts0 AS c4, n BETWEEN SYMMETRIC 2 AND b AS c5, x BETWEEN SYMMETRIC 1.5 AND 0e0 AS c6,
  x NOT BETWEEN SYMMETRIC 1.5e0 AND 0e0 AS c7, NOT (x > 0e0 AND f > 0e0) AS c8, NOT (x > 0e0 OR f < 0e0) AS c9,
  NOT (x > 0e0 AND o) AS c10, NOT (NOT (x > 0e0)) AS c11, NOT (x > 0e0) IS TRUE AS c12, (x > 0e0) IS FALSE AS c13,
  (x > 0e0) IS NOT TRUE AS c14, CASE WHEN NOT (x > 0e0) THEN 1 ELSE 2 END AS c15,
  CASE WHEN x > 0e0 THEN 1 ELSE 2 END AS c16, NOT (x > 0e0 AND n IS NULL) AS c17, NOT (x >= f) AS c18,
  NOT (f <> x) AS c19, NOT (x > d) AS c20, NOT (d < x) AS c21, o = (x > 0e0) AS c22, (x > 0e0) = FALSE AS c23,
  (x > 0e0) <> TRUE AS c24, NOT o AS c25, x > 0e0 IS NULL AS c26, ROUND(d, 17) AS c27, ROUND(d, 2) = 0.12 AS c28,
  LOWER('ΟΔΥΣΣΕΥΣ ΣΑΣ, ΣΟΦΟΣ.') AS c29, s || CAST(f AS STRING) AS c30, CAST(f AS STRING) AS c31,
  CAST(x AS STRING) AS c32, CAST(d AS STRING) AS c33, CAST(d AS VARCHAR(5)) AS c34, CAST(f * 3 AS DOUBLE) AS c35,
  CAST(f / 3 AS DOUBLE) AS c36, CAST(f - x AS DOUBLE) AS c37, x - f AS c38, CAST(f + n AS DOUBLE) AS c39,
  CAST(f + b AS DOUBLE) AS c40, CAST(n / f AS DOUBLE) AS c41, b / x AS c42, n * 0.1 AS c43, n * 0.1e0 AS c44,
  b / 3 AS c45, b % 3 AS c46, b / 3.0 AS c47, d * 3 AS c48, d / 3 AS c49, d * d AS c50, d + 1 AS c51, d - x AS c52,
  MOD(b, 3) AS c53, MOD(d, 3) AS c54, SQRT(b) AS c55, SQRT(d) AS c56, POWER(b, 2) AS c57, LN(b + 6) AS c58,
  EXP(n) AS c59, ABS(b) AS c60, SIGN(b) AS c61, SIGN(d) AS c62, CEIL(d) AS c63, FLOOR(d) AS c64, FLOOR(x) AS c65,
  CAST(CEIL(f) AS DOUBLE) AS c66
FROM t;
