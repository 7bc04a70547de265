-- mode: streaming; string functions over keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, UPPER(k) AS a, CHAR_LENGTH(k) AS b, COALESCE(SUBSTRING(k, 1, 1), '?') AS c, POSITION('b' IN k) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, UPPER(k), CHAR_LENGTH(k), COALESCE(SUBSTRING(k, 1, 1), '?'), POSITION('b' IN k);
