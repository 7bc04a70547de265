-- mode: streaming; a column of instants in the file
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE stamped (
  ts TIMESTAMP_LTZ(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '30' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants-text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE stamped, DESCRIPTOR(ts), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, window_time, k;
