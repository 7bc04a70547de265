-- mode: batch; columns of all types with literals
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10,2), w DECIMAL(38,18),
  z DECIMAL(38,0), q DECIMAL(21,2)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-numbers.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, ti = 0.1 AS c1, ti < 0.1 AS c2, ti >= 0.1 AS c3, ti IS DISTINCT FROM 0.1 AS c4, 0.1 = ti AS c5,
  ti = 0.1e0 AS c6, ti < 0.1e0 AS c7, ti >= 0.1e0 AS c8, ti IS DISTINCT FROM 0.1e0 AS c9, 0.1e0 = ti AS c10,
  ti = 0.10 AS c11, ti < 0.10 AS c12, ti >= 0.10 AS c13, ti IS DISTINCT FROM 0.10 AS c14, 0.10 = ti AS c15,
  ti = 2.50 AS c16, ti < 2.50 AS c17, ti >= 2.50 AS c18, ti IS DISTINCT FROM 2.50 AS c19, 2.50 = ti AS c20,
  ti = 16777217 AS c21, ti < 16777217 AS c22, ti >= 16777217 AS c23, ti IS DISTINCT FROM 16777217 AS c24,
  16777217 = ti AS c25, ti = 9007199254740993 AS c26, ti < 9007199254740993 AS c27, ti >= 9007199254740993 AS c28,
  ti IS DISTINCT FROM 9007199254740993 AS c29, 9007199254740993 = ti AS c30, i = 0.1 AS c31, i < 0.1 AS c32,
  i >= 0.1 AS c33, i IS DISTINCT FROM 0.1 AS c34, 0.1 = i AS c35, i = 0.1e0 AS c36, i < 0.1e0 AS c37,
  i >= 0.1e0 AS c38, i IS DISTINCT FROM 0.1e0 AS c39, 0.1e0 = i AS c40, i = 0.10 AS c41, i < 0.10 AS c42,
  i >= 0.10 AS c43, i IS DISTINCT FROM 0.10 AS c44, 0.10 = i AS c45, i = 2.50 AS c46, i < 2.50 AS c47,
  i >= 2.50 AS c48, i IS DISTINCT FROM 2.50 AS c49, 2.50 = i AS c50, i = 16777217 AS c51, i < 16777217 AS c52,
  i >= 16777217 AS c53, i IS DISTINCT FROM 16777217 AS c54, 16777217 = i AS c55, i = 9007199254740993 AS c56,
  i < 9007199254740993 AS c57, i >= 9007199254740993 AS c58, i IS DISTINCT FROM 9007199254740993 AS c59,
  9007199254740993 = i AS c60, b = 0.1 AS c61, b < 0.1 AS c62, b >= 0.1 AS c63, b IS DISTINCT FROM 0.1 AS c64,
  0.1 = b AS c65, b = 0.1e0 AS c66, b < 0.1e0 AS c67, b >= 0.1e0 AS c68, b IS DISTINCT FROM 0.1e0 AS c69,
  0.1e0 = b AS c70, b = 0.10 AS c71, b < 0.10 AS c72, b >= 0.10 AS c73, b IS DISTINCT FROM 0.10 AS c74,
  0.10 = b AS c75, b = 2.50 AS c76, b < 2.50 AS c77, b >= 2.50 AS c78, b IS DISTINCT FROM 2.50 AS c79,
  2.50 = b AS c80, b = 16777217 AS c81, b < 16777217 AS c82, b >= 16777217 AS c83,
  b IS DISTINCT FROM 16777217 AS c84, 16777217 = b AS c85, b = 9007199254740993 AS c86, b < 9007199254740993 AS c87,
  b >= 9007199254740993 AS c88, b IS DISTINCT FROM 9007199254740993 AS c89, 9007199254740993 = b AS c90
FROM t;
