-- mode: batch
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT COUNT(*) AS n, SUM(v) AS s, MAX(ts) AS t1 FROM ticks WHERE v > 100000;
