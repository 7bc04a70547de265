-- mode: streaming; rows of windows that are not aggregated
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT v, ts, window_start, window_end, window_time
FROM TABLE(TUMBLE(TABLE changes, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
WHERE v > 20;
