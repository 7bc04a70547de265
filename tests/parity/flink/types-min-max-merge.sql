-- mode: streaming; MIN and MAX of strings, dates and times while sessions merge
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, o, MIN(s) AS s1, MAX(s) AS s2, MIN(da) AS d1, MAX(da) AS d2, MIN(t) AS t1, MAX(t) AS t2, MIN(ts) AS m1, MAX(ts) AS m2, MIN(d) AS e1, MAX(d) AS e2, COUNT(*) AS n
FROM TABLE(SESSION(TABLE typed PARTITION BY o, DESCRIPTOR(ts), INTERVAL '12' SECOND))
GROUP BY window_start, window_end, o;
