-- mode: batch; FLOAT with columns and in CASE, NULLIF and OR
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10,2), d1 DECIMAL(2,1),
  d2 DECIMAL(3,2), o BOOLEAN, s STRING, da DATE, tm TIME(0), ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, f + 0 = 0.1e0 AS c1, f + 0 = x AS c2, f * 1 = 0.1 AS c3, f IS DISTINCT FROM 0.1e0 AS c4,
  f IS NOT DISTINCT FROM 0.1e0 AS c5, f IS NOT DISTINCT FROM 0.1 AS c6, f IS NOT DISTINCT FROM x AS c7,
  CAST(NULLIF(f, 0.1e0) AS DOUBLE) AS c8, CAST(NULLIF(f, 0.1) AS DOUBLE) AS c9,
  CASE f WHEN 0.1e0 THEN 1 ELSE 2 END AS c10, CASE f WHEN 0.1 THEN 1 ELSE 2 END AS c11,
  CASE WHEN f = 0.1e0 THEN 1 WHEN f = 0.1 THEN 3 ELSE 2 END AS c12, f IN (x, 0.1e0) AS c13, f IN (x, d2) AS c14,
  x IN (f, 1) AS c15, f = 0.1e0 OR f = 0.2e0 AS c16, f = 0.1 OR f = 0.2 AS c17,
  f = 0.1e0 OR f = 0.2e0 OR f = 0.3e0 OR f = 0.4e0 AS c18, f = 0.1 OR f = 0.2 OR f = 0.3 OR f = 0.4 AS c19,
  NOT (f = 0.1e0) AS c20, NOT (f = 0.1) AS c21, f = 0 AS c22, f = 16777217 AS c23, f > i AS c24, f = i AS c25,
  i = f AS c26, b = f AS c27, f = b AS c28
FROM t;
