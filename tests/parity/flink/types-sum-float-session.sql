-- mode: streaming; SUM and AVG of floats while sessions merge
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, SUM(f) AS a, AVG(f) AS b, SUM(x) AS c, AVG(x) AS d, COUNT(f) AS n
FROM TABLE(SESSION(TABLE typed PARTITION BY o, DESCRIPTOR(ts), INTERVAL '12' SECOND))
WHERE f = 0.5 OR f = 1.5 OR f = -1.5
GROUP BY window_start, window_end, o;
