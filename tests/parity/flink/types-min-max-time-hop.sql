-- mode: streaming; MIN and MAX of times in HOP
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, MIN(t) AS t1, MAX(t) AS t2, MIN(da) AS d1, MAX(s) AS s1, MIN(CAST(s AS CHAR(2))) AS c1, COUNT(t) AS n
FROM TABLE(HOP(TABLE typed, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end;
