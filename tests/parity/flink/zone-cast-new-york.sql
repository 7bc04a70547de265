-- mode: batch; TIMESTAMP to TIMESTAMP_LTZ and back, in gap and overlap
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE walls (
  v INT, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/local.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT v, CAST(ts AS TIMESTAMP_LTZ(3)) AS z, CAST(CAST(ts AS TIMESTAMP_LTZ(3)) AS TIMESTAMP(3)) AS t, CAST(CAST(ts AS TIMESTAMP_LTZ(3)) AS STRING) AS s
FROM walls;
