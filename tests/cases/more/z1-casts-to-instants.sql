-- mode: batch; a time that the clock skips is moved on, one that comes twice is the earlier
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CAST(t AS TIMESTAMP_LTZ(3)) AS a, CAST(s AS TIMESTAMP_LTZ(3)) AS b, CAST(CAST(s AS DATE) AS TIMESTAMP_LTZ(3)) AS c, TRY_CAST(k AS TIMESTAMP_LTZ(3)) AS d, CAST(CAST(t AS TIME) AS TIMESTAMP_LTZ(3)) AS e, CAST(CAST(t AS TIMESTAMP_LTZ(3)) AS STRING) AS f FROM instants;
