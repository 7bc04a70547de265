-- mode: streaming; doubles as decimals
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(x AS DECIMAL(12, 2)) AS a, CAST(x AS DECIMAL(5, 1)) AS b, TRY_CAST(x AS DECIMAL(4, 3)) AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, CAST(x AS DECIMAL(12, 2)), CAST(x AS DECIMAL(5, 1)), TRY_CAST(x AS DECIMAL(4, 3));
