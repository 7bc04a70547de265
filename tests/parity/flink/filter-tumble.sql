-- mode: streaming; FILTER of every aggregate
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) FILTER (WHERE v > 5) AS a, SUM(v) FILTER (WHERE MOD(v, 2) = 0) AS b, MIN(k) FILTER (WHERE k <> 'a') AS c, AVG(v) FILTER (WHERE k IS NOT NULL) AS d, COUNT(v) FILTER (WHERE v IS NULL) AS e, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
