-- mode: batch; the type that choices give
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CASE WHEN n > 0 THEN da END AS c1, CASE WHEN n > 0 THEN ts ELSE us END AS c2,
  CASE WHEN n > 0 THEN 1 ELSE 2.5 END AS c3, CASE WHEN n > 0 THEN 1 ELSE 2.5e0 END AS c4,
  CASE WHEN n > 0 THEN 1.5 ELSE 2.5e0 END AS c5, CAST(CASE WHEN n > 0 THEN f ELSE x END AS DOUBLE) AS c6,
  CASE WHEN n > 0 THEN x ELSE f END AS c7, CAST(CASE WHEN n > 0 THEN f ELSE n END AS DOUBLE) AS c8,
  CAST(CASE WHEN n > 0 THEN n ELSE f END AS DOUBLE) AS c9, CASE WHEN n > 0 THEN f ELSE d END AS c10,
  CASE WHEN n > 0 THEN 'a' ELSE 'bcd' END AS c11, CASE WHEN n > 0 THEN 'a' ELSE s END AS c12,
  CASE WHEN n > 0 THEN c ELSE v END AS c13, CASE WHEN n > 0 THEN c ELSE 'x' END || '|' AS c14,
  CASE WHEN n > 0 THEN NULL ELSE 1 END AS c15, CASE WHEN n > 0 THEN n WHEN o THEN b ELSE d END AS c16,
  CASE n WHEN 1 THEN 'x' WHEN NULL THEN 'y' ELSE 'z' END AS c17, CASE n WHEN 1.0 THEN 'x' ELSE 'z' END AS c18,
  CASE s WHEN 'abc' THEN 1 WHEN v THEN 2 END AS c19, CASE WHEN NULL THEN 1 ELSE 2 END AS c20,
  CASE WHEN o THEN 1 END AS c21, CASE WHEN n = 1 THEN d ELSE p END AS c22, CASE WHEN n = 1 THEN 1 ELSE b END AS c23,
  COALESCE(n, b) AS c24, COALESCE(n, 1.5) AS c25, COALESCE(NULL, n) AS c26, COALESCE(s, 'x') AS c27,
  COALESCE(c, 'xyz') AS c28, COALESCE(c, 'xyzxyz') || '|' AS c29, COALESCE(v, c) AS c30, COALESCE(f, x) AS c31,
  CAST(COALESCE(f, n) AS DOUBLE) AS c32, CAST(COALESCE(n, f) AS DOUBLE) AS c33, COALESCE(d, x) AS c34,
  COALESCE(d, n) AS c35, COALESCE(ts, us) AS c36, COALESCE(us, ts) AS c37, COALESCE(da, DATE '2000-01-01') AS c38,
  COALESCE(o, FALSE) AS c39, CAST(COALESCE(tm, TIME '00:00:00') AS STRING) AS c40, IFNULL(n, 1.5) AS c41,
  IFNULL(s, 'x') AS c42, IFNULL(d, 0) AS c43, IFNULL(n, NULL) AS c44, NULLIF(n, 1) AS c45, NULLIF(n, 1.0) AS c46,
  NULLIF(x, 1.5) AS c47, NULLIF(s, 'abc') AS c48, NULLIF(n, b) AS c49, NULLIF(s, v) AS c50, NULLIF(n, NULL) AS c51,
  NULLIF(ts, us) AS c52, NULLIF(1, 1) AS c53, IF(o, n, b) AS c54, IF(o, n, 1.5) AS c55, IF(o, s, 'x') AS c56,
  IF(o, 'a', 'bcd') || '|' AS c57, CAST(IF(o, f, x) AS DOUBLE) AS c58, IF(o, ts, us) AS c59
FROM t;
