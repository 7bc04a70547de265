-- mode: streaming; a day that did not come; CUMULATE
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Pacific/Apia';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-apia.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE change, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '2' HOUR))
GROUP BY window_start, window_end, window_time;
