-- mode: batch; CEIL of an instant
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, CEIL(l TO SECOND) AS s1, CEIL(l TO MINUTE) AS mi, CEIL(l TO HOUR) AS h, CEIL(l TO DAY) AS d, CEIL(l TO WEEK) AS w, CEIL(l TO MONTH) AS mo, CEIL(l TO QUARTER) AS q, CEIL(l TO YEAR) AS y FROM instants;
