-- mode: streaming; HAVING over MIN and MAX of decimals
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, MIN(d) AS a, MAX(d) AS b, MAX(d) - MIN(d) AS c
FROM TABLE(TUMBLE(TABLE typed, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end
HAVING MAX(d) > 1.05 OR MIN(d) IS NULL;
