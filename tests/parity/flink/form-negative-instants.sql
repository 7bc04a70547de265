-- mode: batch; instants before 1970 as numbers, precision 0 and 3
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT v, e, TO_TIMESTAMP_LTZ(e, 3) AS a, TO_TIMESTAMP_LTZ(e / 1000, 0) AS b, CAST(TO_TIMESTAMP_LTZ(e, 3) AS STRING) AS c, CAST(TO_TIMESTAMP_LTZ(e, 3) AS TIMESTAMP(3)) AS d
FROM instants;
