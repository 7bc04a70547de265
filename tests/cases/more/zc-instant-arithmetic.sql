-- mode: batch; days and months are added to instants, not to the clock
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, l + INTERVAL '1' DAY AS a, l - INTERVAL '1' HOUR AS b, l + INTERVAL '1' MONTH AS c, CAST(l + INTERVAL '1' DAY AS STRING) AS d, t + INTERVAL '1' DAY AS e FROM instants;
