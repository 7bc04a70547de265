-- mode: batch; TIME(p) of CSV has p digits; the text of a TIMESTAMP has those of its type
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (
  id INT, t0 TIME(0), t1 TIME(1), t3 TIME(3), t TIME, ts0 TIMESTAMP(0), ts1 TIMESTAMP(1), ts3 TIMESTAMP(3),
  ts6 TIMESTAMP(6), l0 TIMESTAMP_LTZ(0), l3 TIMESTAMP_LTZ(3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/values-clock.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(t0 AS STRING) AS c1, CAST(t1 AS STRING) AS c2, CAST(t3 AS STRING) AS c3, CAST(t AS STRING) AS c4,
  CAST(ts0 AS STRING) AS c5, CAST(ts1 AS STRING) AS c6, CAST(ts3 AS STRING) AS c7, CAST(ts6 AS STRING) AS c8,
  t0 = TIME '12:34:56' AS c9, t = TIME '12:34:56' AS c10, t1 = TIME '12:34:56.7' AS c11, t0 = t3 AS c12
FROM t;
