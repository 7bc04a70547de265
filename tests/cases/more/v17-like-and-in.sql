-- mode: batch; LIKE with escapes; IN of strings and times
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, s LIKE 'a%' AS c1, s LIKE '%b' AS c2, s LIKE 'a_c' AS c3, s LIKE 'a\\b' AS c4, s LIKE 'a\b' AS c5,
  s LIKE 'a!_c' ESCAPE '!' AS c6, s LIKE 'a\_c' ESCAPE '\' AS c7, v LIKE 'x!%y!_z' ESCAPE '!' AS c8,
  v LIKE 'x\%y\_z' AS c9, v LIKE '%\_z' ESCAPE '\' AS c10, v LIKE '%%%' AS c11, s LIKE '' AS c12, s LIKE '%' AS c13,
  s LIKE '_%_' AS c14, s LIKE '___' AS c15, s LIKE '%a%b%' AS c16, s LIKE 'A%' AS c17, s NOT LIKE 'a%' AS c18,
  c LIKE '__' AS c19, c LIKE 'é_' AS c20, s LIKE 'a.c' AS c21, s LIKE 'a[b]c' AS c22, s LIKE 'a%%c' AS c23,
  s LIKE '%ab' AS c24, s LIKE 'ab%ab' AS c25, s IN ('abc', 'x') AS c26, v IN ('abcdefgh', 'abc') AS c27,
  v IN ('abcdeX') AS c28, v NOT IN ('abcdeX', 'abc') AS c29, c IN ('abcd', 'abcdef') AS c30, c IN ('abcdef') AS c31,
  c IN ('abc ') AS c32, s IN (v, c) AS c33, v IN (s) AS c34, s IN ('abc', NULL) AS c35, POSITION(v IN s) AS c36
FROM t;
