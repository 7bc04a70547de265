-- mode: batch; small and large numbers
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, f FLOAT, x DOUBLE, d DECIMAL(38,18), s STRING, ts0 TIMESTAMP(0), o BOOLEAN, n INT, c CHAR(3), v VARCHAR(3),
  b BIGINT, us TIMESTAMP(6), ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-floats.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, TRY_CAST(s AS DATE) AS c1, TRY_CAST(s || '-' AS DATE) AS c2, TRY_CAST('-' || s AS DATE) AS c3,
  TRY_CAST(s AS TIMESTAMP(3)) AS c4, TRY_CAST(s || ' 12:00:00' AS TIMESTAMP(3)) AS c5,
  TRY_CAST(s || ' 12:00:00' AS DATE) AS c6, CAST(TRY_CAST(s || ':30' AS TIME) AS STRING) AS c7,
  f = 0.123456789e0 AS c8, f = 0.123456789 AS c9, f IN (0.123456789) AS c10, f IN (0.123456789e0, 5) AS c11,
  f = CAST(0.123456789 AS FLOAT) AS c12, f = CAST(0.123456789e0 AS FLOAT) AS c13, f = CAST(d AS FLOAT) AS c14,
  f = CAST(x AS FLOAT) AS c15, f = 3.14159274e0 AS c16, f IN (3.14159274) AS c17, f = 16777217 AS c18,
  f = 16777217e0 AS c19, f IN (16777217) AS c20, f > 16777216 AS c21, f = CAST(16777217 AS FLOAT) AS c22,
  CAST(f + CAST(0.123456789 AS FLOAT) AS DOUBLE) AS c23, CAST(f * CAST(0.1 AS FLOAT) AS DOUBLE) AS c24,
  f + 0.123456789 AS c25, CAST(f + 0.123456789e0 AS DOUBLE) AS c26,
  CAST(CASE WHEN id = 1 THEN CAST(0.123456789 AS FLOAT) ELSE f END AS DOUBLE) AS c27,
  CAST(COALESCE(f, CAST(0.123456789 AS FLOAT)) AS DOUBLE) AS c28,
  CAST(CASE WHEN id = 1 THEN f ELSE 0.123456789e0 END AS DOUBLE) AS c29, n IN (0, 1) AS c30, x = 0 AS c31,
  x = 0 OR n = 5 AS c32, CASE x WHEN 0e0 THEN 1 WHEN 1e0 THEN 2 ELSE 3 END AS c33,
  ts0 + INTERVAL '0.001' SECOND AS c34, CAST(ts0 + INTERVAL '0.001' SECOND AS STRING) AS c35,
  ts0 + INTERVAL '0.001' SECOND > ts0 AS c36, ts0 - INTERVAL '0.001' SECOND AS c37,
  CAST(ts0 - INTERVAL '0.001' SECOND AS TIMESTAMP(3)) AS c38, IF(o, us, ts) AS c39, IF(o, ts, us) AS c40,
  IF(o, c, v) AS c41, IF(o, c, 'xyz1') || '|' AS c42, IF(o, 'a', v) AS c43, IF(o, n, d) AS c44, IF(o, d, n) AS c45,
  IF(o, d, 1.5) AS c46, IF(o, b, n) AS c47, CAST(IF(o, n, f) AS DOUBLE) AS c48, CAST(IF(o, f, n) AS DOUBLE) AS c49,
  IF(o, x, f) AS c50, IF(o, d, x) AS c51, IF(o, CAST(1.5 AS DECIMAL(38,0)), d) AS c52,
  IF(o, CAST(n AS DECIMAL(38,0)), d) AS c53, COALESCE(CAST(n AS DECIMAL(38,0)), d) AS c54,
  CASE WHEN o THEN CAST(n AS DECIMAL(38,0)) ELSE d END AS c55, GREATEST(CAST(n AS DECIMAL(38,0)), 0.5) AS c56,
  NULLIF(d, 0.5) AS c57, NULLIF(d, 0.5e0) AS c58, CAST(NULLIF(f, x) AS DOUBLE) AS c59, NULLIF(n, 1.5) AS c60,
  NULLIF(c, 'ab') AS c61, NULLIF(ts, us) AS c62, NULLIF(us, ts) AS c63, COALESCE(ts, us) AS c64,
  COALESCE(us, ts) AS c65, COALESCE(ts0, ts) AS c66, CASE WHEN o THEN ts0 ELSE us END AS c67, ts = us AS c68,
  us > ts AS c69, ts0 = ts AS c70
FROM t;
