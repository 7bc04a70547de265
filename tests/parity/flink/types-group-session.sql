-- mode: streaming; the older form over each type
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE types (
  ts TIMESTAMP(3), k STRING, ti TINYINT, si SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE, d DECIMAL(10, 2), o BOOLEAN, da DATE, s STRING,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/types.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '25' SECOND) AS ws, SESSION_END(ts, INTERVAL '25' SECOND) AS we, SESSION_ROWTIME(ts, INTERVAL '25' SECOND) AS wr, k, COUNT(o) AS n, SUM(i) AS a, AVG(si) AS b1, MIN(da) AS c, MAX(s) AS d1, SUM(x) AS e, MAX(f) AS f1
FROM types
GROUP BY SESSION(ts, INTERVAL '25' SECOND), k;
