-- mode: batch; odd positions and lengths, mappings of letters
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, UPPER(v) AS c1, UPPER(c) AS c2, UPPER('ß') AS c3, UPPER('ß' || s) AS c4, LOWER(v) AS c5,
  UPPER(CAST('ß' AS STRING)) AS c6, SUBSTRING(s, 2) AS c7, SUBSTRING(s, 0) AS c8, SUBSTRING(s, 1, 2) AS c9,
  SUBSTRING(s, 0, 2) AS c10, SUBSTRING(s, -1) AS c11, SUBSTRING(s, -2, 1) AS c12, SUBSTRING(s, -5) AS c13,
  SUBSTRING(s, -5, 3) AS c14, SUBSTRING(s, 2, 0) AS c15, SUBSTRING(s, 2, 100) AS c16, SUBSTRING(s, 100) AS c17,
  SUBSTRING(s, n) AS c18, SUBSTRING(s, n, m) AS c19, SUBSTRING(s, 1, -1) AS c20, SUBSTRING(s, m, n) AS c21,
  SUBSTRING(c, 2) AS c22, SUBSTRING(c, 2, 1) AS c23, SUBSTRING(s FROM 2 FOR 2) AS c24, SUBSTR(s, 2) AS c25,
  SUBSTRING('abc', 2) AS c26, SUBSTRING(s, 2147483647) AS c27, SUBSTRING(s, -2147483648) AS c28,
  SUBSTRING(s, 2, 2147483647) AS c29, POSITION('b' IN s) AS c30, POSITION('' IN s) AS c31,
  POSITION('zz' IN s) AS c32, POSITION('😀' IN c) AS c33, POSITION(v IN s) AS c34, POSITION('ab' IN s) AS c35,
  TRIM(s) AS c36, TRIM(LEADING FROM s) AS c37, TRIM(TRAILING FROM s) AS c38, TRIM(BOTH 'a' FROM s) AS c39,
  TRIM(LEADING 'ab' FROM s) AS c40, TRIM(TRAILING 'cb' FROM s) AS c41, TRIM(BOTH '' FROM s) AS c42,
  TRIM('  x  ') AS c43, CHAR_LENGTH(s) AS c44, CHAR_LENGTH(c) AS c45, CHAR_LENGTH(v) AS c46,
  CHARACTER_LENGTH('') AS c47, CONCAT(s, v) AS c48, CONCAT(s, 'x', c) AS c49, CONCAT(s) AS c50, s || v AS c51,
  c || 'x' AS c52, CAST(c AS STRING) || 'x' AS c53, CAST(c AS VARCHAR(2)) AS c54, CAST(v AS CHAR(8)) || 'x' AS c55
FROM t;
