-- mode: streaming; the same in the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '12' SECOND) AS ws, SESSION_END(ts, INTERVAL '12' SECOND) AS we, MIN(s) AS s1, MAX(s) AS s2, MIN(da) AS d1, MAX(da) AS d2, MIN(t) AS t1, MAX(t) AS t2, MIN(d) AS e1, MAX(d) AS e2, COUNT(s) AS n
FROM typed
GROUP BY SESSION(ts, INTERVAL '12' SECOND), da > DATE '2000-01-01';
