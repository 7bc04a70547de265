-- mode: streaming; an epoch in seconds
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE seconds (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 0),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/seconds.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE seconds, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, k;
