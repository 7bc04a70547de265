-- mode: streaming; NOT IN with NULL among columns
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k NOT IN ('a') AS a, v IN (1, 2, 3) OR v IS NULL AS b, COUNT(*) AS n
FROM TABLE(CUMULATE(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
WHERE NOT (k = 'c' AND v > 21)
GROUP BY window_start, window_end, k NOT IN ('a'), v IN (1, 2, 3) OR v IS NULL;
