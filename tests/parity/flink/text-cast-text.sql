-- mode: streaming; numbers as texts in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(x AS STRING) AS a, CAST(CAST(x AS FLOAT) AS STRING) AS b, CAST(x AS INT) AS c, CAST(i AS CHAR(2)) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, CAST(x AS STRING), CAST(CAST(x AS FLOAT) AS STRING), CAST(x AS INT), CAST(i AS CHAR(2));
