-- mode: streaming; SUBSTRING with odd positions in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, SUBSTRING(s, -3) AS a, SUBSTRING(s, 0, 2) AS b, SUBSTRING(s FROM 2 FOR 100) AS c, SUBSTRING(s, i) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, SUBSTRING(s, -3), SUBSTRING(s, 0, 2), SUBSTRING(s FROM 2 FOR 100), SUBSTRING(s, i);
