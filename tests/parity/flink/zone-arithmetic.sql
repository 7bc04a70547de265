-- mode: batch; intervals added to instants over the changes
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT v, ts + INTERVAL '1' HOUR AS h, ts - INTERVAL '1' DAY AS d, ts + INTERVAL '1' MONTH AS m
FROM changes
WHERE k IN ('ny-autumn', 'ny-spring');
