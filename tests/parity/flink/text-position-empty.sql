-- mode: streaming; POSITION of nothing, SUBSTRING of nothing and beyond
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, POSITION('' IN s) AS a, SUBSTRING(s, 100) AS b, SUBSTRING(s, 3, 0) AS c, CHAR_LENGTH(SUBSTRING(s, 2, 3)) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, POSITION('' IN s), SUBSTRING(s, 100), SUBSTRING(s, 3, 0), CHAR_LENGTH(SUBSTRING(s, 2, 3));
