-- mode: batch; an instant is shown on the wall clock of the session's zone
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, l, CAST(l AS TIMESTAMP(3)) AS a, CAST(l AS TIMESTAMP(0)) AS b, CAST(l AS STRING) AS c, CAST(l AS DATE) AS d, CAST(CAST(l AS TIME) AS STRING) AS e, CAST(l AS VARCHAR(13)) AS f, CAST(l AS TIMESTAMP_LTZ(0)) AS g, CAST(CAST(l AS TIMESTAMP_LTZ(6)) AS STRING) AS h FROM instants;
