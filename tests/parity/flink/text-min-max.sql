-- mode: streaming; MIN and MAX of texts with COALESCE and UPPER
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, MIN(s) AS a, MAX(UPPER(s)) AS b, MIN(COALESCE(s, 'zzz')) AS c, MAX(CHAR_LENGTH(s)) AS d
FROM TABLE(CUMULATE(TABLE texts, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end;
