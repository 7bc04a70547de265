-- mode: batch; TO_TIMESTAMP_LTZ of numbers
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, TO_TIMESTAMP_LTZ(ms / 1000, 0) AS a, TO_TIMESTAMP_LTZ(ms) AS b, TO_TIMESTAMP_LTZ(ms, 6) AS c, TO_TIMESTAMP_LTZ(ms, 9) AS d, TO_TIMESTAMP_LTZ(ms, 1) AS e, TO_TIMESTAMP_LTZ(CAST(ms AS DOUBLE), 3) AS f, TO_TIMESTAMP_LTZ(CAST(ms AS DECIMAL(20, 3)), 3) AS g, TO_TIMESTAMP_LTZ(id, 0) AS h, TO_TIMESTAMP_LTZ(ms * 100000, 3) AS i FROM instants WHERE id <> 10;
