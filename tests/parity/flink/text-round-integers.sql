-- mode: streaming; ROUND of integers and of constants
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, ROUND(i, -1) AS a, ROUND(i) AS b, ROUND(i * 1.005, 2) AS c, CAST(i AS DOUBLE) / 3 AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, ROUND(i, -1), ROUND(i), ROUND(i * 1.005, 2), CAST(i AS DOUBLE) / 3;
