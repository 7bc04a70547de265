-- mode: streaming; half an hour that comes twice; a delay
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-lord-howe-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE change, DESCRIPTOR(ts), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, window_time;
