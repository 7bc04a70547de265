-- mode: batch; local mean time in batch mode, HOP
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE instants, DESCRIPTOR(ts), INTERVAL '90' MINUTE, INTERVAL '3' HOUR))
GROUP BY window_start, window_end, window_time, k;
