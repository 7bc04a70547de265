-- mode: streaming; CASE over LIKE and lengths in keys, HAVING over it
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CASE WHEN s LIKE '%x%' THEN 'x' WHEN CHAR_LENGTH(s) > 10 THEN 'long' ELSE COALESCE(s, 'none') END AS a, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, CASE WHEN s LIKE '%x%' THEN 'x' WHEN CHAR_LENGTH(s) > 10 THEN 'long' ELSE COALESCE(s, 'none') END
HAVING CASE WHEN s LIKE '%x%' THEN 'x' WHEN CHAR_LENGTH(s) > 10 THEN 'long' ELSE COALESCE(s, 'none') END <> 'none';
