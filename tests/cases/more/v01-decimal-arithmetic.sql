-- mode: batch; of 38 digits: the scale gives way; what still does not fit is NULL
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, k STRING, f FLOAT, x DOUBLE, d DECIMAL(38,18), dd DECIMAL(20,2), o BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-decimals.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, d * d AS c1, d * dd AS c2, d / d AS c3, d / dd AS c4, dd / d AS c5, dd / 3 AS c6, d / 7 AS c7,
  d / 0.0000001 AS c8, d + d AS c9, d - dd AS c10, d + 0.5 AS c11, d % 7 AS c12, d % dd AS c13, dd * dd AS c14,
  dd * dd * dd AS c15, dd / dd / dd AS c16, d * 1.0 AS c17, d * 10 AS c18, 1 / d AS c19, -d AS c20, ABS(d) AS c21,
  ROUND(d, 3) AS c22, ROUND(d, -3) AS c23, FLOOR(d) AS c24, CEIL(d) AS c25, CAST(d AS DECIMAL(38, 20)) AS c26,
  CAST(d AS DECIMAL(38, 0)) AS c27, d = dd AS c28, COALESCE(dd, d) AS c29
FROM t;
