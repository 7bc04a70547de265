-- mode: streaming; rows of windows on the wall clock where the clock changes, chosen by bounds
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ts, k, v, window_start, window_end
FROM TABLE(TUMBLE(TABLE changes, DESCRIPTOR(ts), INTERVAL '1' HOUR))
WHERE window_start > TIMESTAMP '2024-01-01 00:00:00' AND EXTRACT(HOUR FROM window_end) IN (1, 2, 3);
