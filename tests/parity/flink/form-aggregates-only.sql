-- mode: streaming; aggregates in expressions, none of them bare
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SUM(v) * 1.0 / COUNT(*) AS a, MAX(v) - MIN(v) AS b, CASE WHEN COUNT(v) = 0 THEN 'none' ELSE CAST(AVG(v) AS STRING) END AS c, SUM(v + 1) - SUM(v) AS d, -MIN(v) AS e
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
