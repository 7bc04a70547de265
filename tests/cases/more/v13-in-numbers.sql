-- mode: batch; the items of IN have the type of the left side
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10,2), w DECIMAL(38,18),
  z DECIMAL(38,0), q DECIMAL(21,2)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-numbers.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, ti IN (1) AS c1, ti IN (1, 5) AS c2, ti NOT IN (1, 5) AS c3, i IN (ti) AS c4, i IN (ti, ti) AS c5,
  i IN (f) AS c6, i IN (f, f) AS c7, i IN (x) AS c8, i IN (x, x) AS c9, i IN (d) AS c10, i IN (d, d) AS c11,
  i IN (1) AS c12, i IN (1, 5) AS c13, i NOT IN (1, 5) AS c14, i IN (16777217) AS c15, i IN (16777217, 5) AS c16,
  i NOT IN (16777217, 5) AS c17, b IN (ti) AS c18, b IN (ti, ti) AS c19, b IN (i) AS c20, b IN (i, i) AS c21,
  b IN (f) AS c22, b IN (f, f) AS c23, b IN (x) AS c24, b IN (x, x) AS c25, b IN (d) AS c26, b IN (d, d) AS c27,
  b IN (z) AS c28, b IN (z, z) AS c29, b IN (q) AS c30, b IN (q, q) AS c31, b IN (1) AS c32, b IN (1, 5) AS c33,
  b NOT IN (1, 5) AS c34, b IN (16777217) AS c35, b IN (16777217, 5) AS c36, b NOT IN (16777217, 5) AS c37,
  b IN (9007199254740993) AS c38, b IN (9007199254740993, 5) AS c39, b NOT IN (9007199254740993, 5) AS c40,
  f IN (ti) AS c41, f IN (ti, ti) AS c42, f IN (i) AS c43, f IN (i, i) AS c44, f IN (b) AS c45, f IN (b, b) AS c46,
  f IN (x) AS c47, f IN (x, x) AS c48, f IN (d) AS c49, f IN (d, d) AS c50, f IN (w) AS c51, f IN (w, w) AS c52,
  f IN (z) AS c53, f IN (z, z) AS c54, f IN (q) AS c55, f IN (q, q) AS c56, f IN (1) AS c57, f IN (1, 5) AS c58,
  f NOT IN (1, 5) AS c59, f IN (1, 3, 4, 5, 6, 7.5, 8) AS c60, f IN (0.1) AS c61, f IN (0.1, 5) AS c62,
  f NOT IN (0.1, 5) AS c63, f IN (0.1, 3, 4, 5, 6, 7.5, 8) AS c64, f IN (0.1e0) AS c65, f IN (0.1e0, 5) AS c66,
  f NOT IN (0.1e0, 5) AS c67, f IN (0.1e0, 3, 4, 5, 6, 7.5, 8) AS c68, f IN (0.10) AS c69, f IN (0.10, 5) AS c70,
  f NOT IN (0.10, 5) AS c71, f IN (0.10, 3, 4, 5, 6, 7.5, 8) AS c72, f IN (2.50) AS c73, f IN (2.50, 5) AS c74,
  f NOT IN (2.50, 5) AS c75, f IN (2.50, 3, 4, 5, 6, 7.5, 8) AS c76, f IN (16777217) AS c77,
  f IN (16777217, 5) AS c78, f NOT IN (16777217, 5) AS c79, f IN (16777217, 3, 4, 5, 6, 7.5, 8) AS c80,
  f IN (9007199254740993) AS c81, f IN (9007199254740993, 5) AS c82, f NOT IN (9007199254740993, 5) AS c83,
  f IN (9007199254740993, 3, 4, 5, 6, 7.5, 8) AS c84, f IN (0.4) AS c85, f IN (0.4, 5) AS c86,
  f NOT IN (0.4, 5) AS c87, f IN (0.4, 3, 4, 5, 6, 7.5, 8) AS c88, f IN (1, 0.1, 0.1e0) AS c89,
  f IN (1, 0.1, 0.1e0,4,5,6,7) AS c90
FROM t;
