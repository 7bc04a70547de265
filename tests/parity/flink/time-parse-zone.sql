-- mode: streaming; UNIX_TIMESTAMP and FROM_UNIXTIME in New York
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE clocks (
  ts TIMESTAMP(3), t TIME(0), z STRING, e BIGINT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT window_start, window_end, UNIX_TIMESTAMP(z, 'dd.MM.yyyy HH:mm:ss') AS b, FROM_UNIXTIME(e) AS c, FROM_UNIXTIME(e, 'EEE d MMM yy, h:mm a') AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE clocks, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, UNIX_TIMESTAMP(z, 'dd.MM.yyyy HH:mm:ss'), FROM_UNIXTIME(e), FROM_UNIXTIME(e, 'EEE d MMM yy, h:mm a');
