-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT COUNT(*) AS n, COUNT(v) AS nv, COUNT(k) AS nk, SUM(v) AS s, AVG(v) AS av, AVG(x) AS ax, MIN(k) AS k0, MAX(k) AS k1, MIN(ts) AS t0, MAX(ts) AS t1 FROM ticks;
