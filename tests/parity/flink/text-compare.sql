-- mode: streaming; texts compared and between
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, s > 'a' AS a, s BETWEEN 'H' AND 'z' AS b, s < 'é' AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, s > 'a', s BETWEEN 'H' AND 'z', s < 'é';
