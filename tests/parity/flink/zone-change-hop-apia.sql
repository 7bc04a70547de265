-- mode: streaming; a day that did not come; HOP
-- weir differs: the clock skips a stretch that is no hour of summer time, and Flink fires the window that ends in it after windows that
-- end later, so that it takes rows which are late here.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Pacific/Apia';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-apia.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE change, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
