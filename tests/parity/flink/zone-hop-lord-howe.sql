-- mode: streaming; HOP over the changes
-- weir differs: where the clock skips half an hour Flink gives windows twice, with a part of their rows. No row is late here: weir gives
-- what Flink gives in batch mode.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '2' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE changes, DESCRIPTOR(ts), INTERVAL '30' MINUTE, INTERVAL '90' MINUTE))
GROUP BY window_start, window_end, window_time;
