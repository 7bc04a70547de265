-- mode: streaming; TRIM of sides and of several letters
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, TRIM(LEADING ' ' FROM s) || '|' AS a, '|' || TRIM(TRAILING FROM s) AS b, TRIM(BOTH 'xa' FROM s) AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, TRIM(LEADING ' ' FROM s) || '|', '|' || TRIM(TRAILING FROM s), TRIM(BOTH 'xa' FROM s);
