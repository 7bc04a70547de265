-- mode: batch; three-valued logic
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, s STRING, v VARCHAR(5), c CHAR(4), n INT, m INT, x DOUBLE, y DOUBLE, f FLOAT, d DECIMAL(10,3),
  p DECIMAL(18,3), ts TIMESTAMP(3), us TIMESTAMP(6), da DATE, tm TIME(3), lt TIMESTAMP_LTZ(3), o BOOLEAN, b BIGINT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, n = NULL AS c1, n <> NULL AS c2, NULL IS NULL AS c3, n IS NULL AS c4, o AND (n > 0) AS c5,
  o OR (n > 0) AS c6, o = o AS c7, o > FALSE AS c8, o < TRUE AS c9, o IS TRUE AS c10, o IS NOT FALSE AS c11,
  (n > 0) IS UNKNOWN AS c12, o <> (n > 0) AS c13, n IS NOT DISTINCT FROM m AS c14, n IS DISTINCT FROM NULL AS c15,
  s IS NOT DISTINCT FROM v AS c16, ts IS DISTINCT FROM us AS c17, o IS NOT DISTINCT FROM (n > 0) AS c18,
  n > NULL AS c19, n BETWEEN NULL AND 5 AS c20, n BETWEEN 0 AND NULL AS c21, n NOT BETWEEN 2 AND NULL AS c22,
  n IN (1, 3) IS NULL AS c23, CAST(NULL AS INT) + 1 AS c24
FROM t;
