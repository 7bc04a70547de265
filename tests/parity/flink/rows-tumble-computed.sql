-- mode: streaming; rows of windows over a computed column, with functions of the bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE src (
  tt TIMESTAMP(3), k STRING, v INT, ts AS tt + INTERVAL '3' SECOND,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, ts, DATE_FORMAT(window_start, 'mm:ss') AS a, window_end - INTERVAL '1' SECOND AS b
FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE LEFT(DATE_FORMAT(window_start, 'mm:ss'), 2) = '00';
