-- mode: streaming; || and CONCAT with NULLs in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, s || '-' || CAST(i AS STRING) AS a, CONCAT(s, 'z') AS b, COUNT(*) AS n
FROM TABLE(CUMULATE(TABLE texts, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end, s || '-' || CAST(i AS STRING), CONCAT(s, 'z');
