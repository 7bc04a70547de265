-- mode: batch; both sides of = and <> in their common type
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10,2), w DECIMAL(38,18),
  z DECIMAL(38,0), q DECIMAL(21,2)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-numbers.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, f = x AS c1, f <> x AS c2, f = d AS c3, f <> d AS c4, f = w AS c5, f <> w AS c6, f = z AS c7,
  f <> z AS c8, f = q AS c9, f <> q AS c10, f = 1 AS c11, 1 = f AS c12, f = 16777217 AS c13, 16777217 = f AS c14,
  f = 9007199254740993 AS c15, 9007199254740993 = f AS c16, x = ti AS c17, x <> ti AS c18, x = i AS c19,
  x <> i AS c20, x = b AS c21, x <> b AS c22, x = f AS c23, x <> f AS c24, x = d AS c25, x <> d AS c26, x = w AS c27,
  x <> w AS c28, x = z AS c29, x <> z AS c30, x = q AS c31, x <> q AS c32, x = 1 AS c33, 1 = x AS c34,
  x = 16777217 AS c35, 16777217 = x AS c36, x = 9007199254740993 AS c37, 9007199254740993 = x AS c38, d = ti AS c39,
  d <> ti AS c40, d = i AS c41, d <> i AS c42, d = b AS c43, d <> b AS c44, d = f AS c45, d <> f AS c46,
  d = x AS c47, d <> x AS c48, d = w AS c49, d <> w AS c50, d = z AS c51, d <> z AS c52, d = q AS c53, d <> q AS c54,
  d = 1 AS c55, 1 = d AS c56, d = 16777217 AS c57, 16777217 = d AS c58, d = 9007199254740993 AS c59,
  9007199254740993 = d AS c60, w = ti AS c61, w <> ti AS c62, w = i AS c63, w <> i AS c64, w = b AS c65,
  w <> b AS c66, w = f AS c67, w <> f AS c68, w = x AS c69, w <> x AS c70, w = d AS c71, w <> d AS c72, w = z AS c73,
  w <> z AS c74, w = q AS c75, w <> q AS c76, w = 1 AS c77, 1 = w AS c78, w = 16777217 AS c79, 16777217 = w AS c80,
  w = 9007199254740993 AS c81, 9007199254740993 = w AS c82, z = ti AS c83, z <> ti AS c84, z = i AS c85,
  z <> i AS c86, z = b AS c87, z <> b AS c88, z = f AS c89, z <> f AS c90, z = x AS c91, z <> x AS c92, z = d AS c93,
  z <> d AS c94, z = w AS c95, z <> w AS c96, z = q AS c97, z <> q AS c98, z = 1 AS c99, 1 = z AS c100,
  z = 16777217 AS c101, 16777217 = z AS c102, z = 9007199254740993 AS c103, 9007199254740993 = z AS c104,
  q = ti AS c105, q <> ti AS c106, q = i AS c107, q <> i AS c108, q = b AS c109, q <> b AS c110, q = f AS c111,
  q <> f AS c112, q = x AS c113, q <> x AS c114, q = d AS c115, q <> d AS c116, q = w AS c117, q <> w AS c118,
  q = z AS c119, q <> z AS c120, q = 1 AS c121, 1 = q AS c122, q = 16777217 AS c123, 16777217 = q AS c124,
  q = 9007199254740993 AS c125, 9007199254740993 = q AS c126
FROM t;
