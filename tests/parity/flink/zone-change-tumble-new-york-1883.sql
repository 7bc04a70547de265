-- mode: streaming; four minutes that came twice, in local mean time
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-new-york-1883.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE change, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, window_time;
