-- mode: batch; instants against times and texts
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, l = t AS a, l < TIMESTAMP '2025-03-30 03:00:00' AS b, l = '2025-03-30 01:59:59.999' AS c, COALESCE(l, TIMESTAMP '2025-07-01 00:00:00') AS d, CASE WHEN id < 5 THEN l ELSE t END AS e, l BETWEEN '2025-03-30 00:00:00' AND '2025-10-26 12:00:00' AS f, l IN (TIMESTAMP '2025-03-30 01:59:59.999') AS g, GREATEST(l, TO_TIMESTAMP_LTZ(0, 3)) AS h FROM instants;
