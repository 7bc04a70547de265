-- mode: batch; both sides of = and <> in their common type
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10,2), w DECIMAL(38,18),
  z DECIMAL(38,0), q DECIMAL(21,2)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-numbers.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, ti = i AS c1, ti <> i AS c2, ti = b AS c3, ti <> b AS c4, ti = f AS c5, ti <> f AS c6, ti = x AS c7,
  ti <> x AS c8, ti = d AS c9, ti <> d AS c10, ti = w AS c11, ti <> w AS c12, ti = z AS c13, ti <> z AS c14,
  ti = q AS c15, ti <> q AS c16, ti = 1 AS c17, 1 = ti AS c18, ti = 16777217 AS c19, 16777217 = ti AS c20,
  ti = 9007199254740993 AS c21, 9007199254740993 = ti AS c22, i = ti AS c23, i <> ti AS c24, i = b AS c25,
  i <> b AS c26, i = f AS c27, i <> f AS c28, i = x AS c29, i <> x AS c30, i = d AS c31, i <> d AS c32, i = w AS c33,
  i <> w AS c34, i = z AS c35, i <> z AS c36, i = q AS c37, i <> q AS c38, i = 1 AS c39, 1 = i AS c40,
  i = 16777217 AS c41, 16777217 = i AS c42, i = 9007199254740993 AS c43, 9007199254740993 = i AS c44, b = ti AS c45,
  b <> ti AS c46, b = i AS c47, b <> i AS c48, b = f AS c49, b <> f AS c50, b = x AS c51, b <> x AS c52,
  b = d AS c53, b <> d AS c54, b = w AS c55, b <> w AS c56, b = z AS c57, b <> z AS c58, b = q AS c59, b <> q AS c60,
  b = 1 AS c61, 1 = b AS c62, b = 16777217 AS c63, 16777217 = b AS c64, b = 9007199254740993 AS c65,
  9007199254740993 = b AS c66, f = ti AS c67, f <> ti AS c68, f = i AS c69, f <> i AS c70, f = b AS c71, f <> b AS c72
FROM t;
