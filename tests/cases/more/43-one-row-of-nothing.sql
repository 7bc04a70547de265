-- mode: batch; without GROUP BY an empty input gives a row
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE nothing (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nothing.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS s, AVG(x) AS a, MIN(k) AS k0, MAX(ts) AS t1 FROM nothing;
