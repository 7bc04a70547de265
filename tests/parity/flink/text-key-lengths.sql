-- mode: streaming; CHAR_LENGTH and POSITION of letters outside the basic plane
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CHAR_LENGTH(s) AS a, POSITION(' ' IN s) AS b, COUNT(*) AS n
FROM TABLE(HOP(TABLE texts, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, CHAR_LENGTH(s), POSITION(' ' IN s);
