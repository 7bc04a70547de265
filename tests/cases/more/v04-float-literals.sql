-- mode: batch; FLOAT with literals: = and IN by the type of the left, the others as DOUBLE; a DECIMAL by Double.compare
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10,2), d1 DECIMAL(2,1),
  d2 DECIMAL(3,2), o BOOLEAN, s STRING, da DATE, tm TIME(0), ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(f AS DOUBLE) AS c1, f = 0.1e0 AS c2, f = 0.1 AS c3, f <> 0.1 AS c4, f <> 0.1e0 AS c5,
  f > 0.1e0 AS c6, f > 0.1 AS c7, f < 0.1e0 AS c8, f < 0.1 AS c9, f >= 0.1e0 AS c10, f >= 0.1 AS c11,
  f <= 0.1e0 AS c12, f <= 0.1 AS c13, f IN (0.1, 2) AS c14, f IN (0.1e0, 2) AS c15, f IN (0.1) AS c16,
  f IN (0.1e0) AS c17, f IN (0.1, 0.2, 0.3, 0.4, 0.5) AS c18, f IN (0.1e0, 0.2e0, 0.3e0, 0.4e0, 0.5e0) AS c19,
  f IN (0.1e0, 0.2, 0.3, 0.4, 0.5) AS c20, f NOT IN (0.1, 2) AS c21, f NOT IN (0.1e0, 2) AS c22,
  f NOT IN (0.1) AS c23, f NOT IN (0.1e0) AS c24, f BETWEEN 0.1e0 AND 0.1e0 AS c25, f BETWEEN 0.1 AND 0.1 AS c26,
  f NOT BETWEEN 0.1e0 AND 0.1e0 AS c27, f NOT BETWEEN 0.1 AND 0.1 AS c28, f = x AS c29, x = f AS c30, f < x AS c31,
  f > x AS c32, f <> x AS c33, f <= x AS c34, f >= x AS c35, f = d2 AS c36, f > d2 AS c37, f < d2 AS c38,
  d2 = f AS c39, 0.1e0 = f AS c40, 0.1 = f AS c41, 0.1e0 < f AS c42, f = CAST(0.1 AS FLOAT) AS c43,
  f = CAST(0.1e0 AS FLOAT) AS c44, f = x + 0 AS c45
FROM t;
