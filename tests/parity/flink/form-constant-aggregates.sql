-- mode: streaming; aggregates of constants
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(1) AS a, SUM(1) AS b, MAX('x') AS c, COUNT(CAST(NULL AS INT)) AS e, MIN(TIMESTAMP '2024-01-01 00:00:00') AS f
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
