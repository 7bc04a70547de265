-- mode: streaming; CUMULATE over the changes
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '2' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE changes, DESCRIPTOR(ts), INTERVAL '30' MINUTE, INTERVAL '3' HOUR))
GROUP BY window_start, window_end, window_time;
