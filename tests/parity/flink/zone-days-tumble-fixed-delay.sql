-- mode: streaming; days on the wall clock, late rows
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'GMT-09:30';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE days, DESCRIPTOR(ts), INTERVAL '1' DAY))
GROUP BY window_start, window_end, window_time, k;
