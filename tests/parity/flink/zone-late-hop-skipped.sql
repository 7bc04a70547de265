-- mode: streaming; late rows in an hour that does not come; HOP
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE skipped (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE skipped, DESCRIPTOR(ts), INTERVAL '15' MINUTE, INTERVAL '45' MINUTE))
GROUP BY window_start, window_end, window_time, k;
