-- mode: batch; batch mode, hours over the changes
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE changes, DESCRIPTOR(ts), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, window_time;
