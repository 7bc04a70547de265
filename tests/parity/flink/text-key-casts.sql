-- mode: streaming; TRY_CAST of texts to numbers and dates as keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, TRY_CAST(s AS INT) AS a, TRY_CAST(s AS DOUBLE) AS b, TRY_CAST(s AS DATE) AS c, TRY_CAST(s AS BOOLEAN) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, TRY_CAST(s AS INT), TRY_CAST(s AS DOUBLE), TRY_CAST(s AS DATE), TRY_CAST(s AS BOOLEAN);
