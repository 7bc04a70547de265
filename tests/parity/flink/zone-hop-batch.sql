-- mode: batch; batch mode, HOP over the changes, an odd ratio
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE changes, DESCRIPTOR(ts), INTERVAL '25' MINUTE, INTERVAL '55' MINUTE))
GROUP BY window_start, window_end;
