-- mode: batch; the older form in batch mode, an odd ratio
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND) AS ws, HOP_END(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND) AS we, k, COUNT(*) AS n, SUM(v) AS sv
FROM late
GROUP BY HOP(ts, INTERVAL '7' SECOND, INTERVAL '16' SECOND), k;
