-- mode: streaming; TO_TIMESTAMP and TO_DATE by patterns
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE clocks (
  ts TIMESTAMP(3), t TIME(0), z STRING, e BIGINT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT window_start, window_end, TO_TIMESTAMP(z, 'dd.MM.yyyy HH:mm:ss') AS a, UNIX_TIMESTAMP(z, 'dd.MM.yyyy HH:mm:ss') AS b, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE clocks, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, TO_TIMESTAMP(z, 'dd.MM.yyyy HH:mm:ss'), UNIX_TIMESTAMP(z, 'dd.MM.yyyy HH:mm:ss');
