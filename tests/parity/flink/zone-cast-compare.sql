-- mode: batch; comparisons of TIMESTAMP_LTZ with times of the wall clock
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT v, ts >= CAST(TIMESTAMP '2024-11-03 01:30:00' AS TIMESTAMP_LTZ(3)) AS a, CAST(ts AS TIMESTAMP(3)) >= TIMESTAMP '2024-11-03 01:30:00' AS b
FROM changes
WHERE k = 'ny-autumn';
