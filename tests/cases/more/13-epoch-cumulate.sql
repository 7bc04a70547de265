-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv, MIN(ts) AS first_ts
FROM TABLE(CUMULATE(TABLE epoch, DESCRIPTOR(ts), INTERVAL '6' HOUR, INTERVAL '1' DAY, INTERVAL '90' MINUTE))
GROUP BY window_start, window_end;
