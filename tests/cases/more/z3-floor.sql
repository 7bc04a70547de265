-- mode: batch; FLOOR of an instant keeps the offset of the instant
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, FLOOR(l TO SECOND) AS s1, FLOOR(l TO MINUTE) AS mi, FLOOR(l TO HOUR) AS h, FLOOR(l TO DAY) AS d, FLOOR(l TO WEEK) AS w, FLOOR(l TO MONTH) AS mo, FLOOR(l TO QUARTER) AS q, FLOOR(l TO YEAR) AS y FROM instants;
