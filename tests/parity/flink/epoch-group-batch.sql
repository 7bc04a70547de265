-- mode: batch; 1970 in batch mode, the older form
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS ws, HOP_END(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND) AS we, k, COUNT(*) AS n, SUM(v) AS sv
FROM epoch
GROUP BY HOP(ts, INTERVAL '40' SECOND, INTERVAL '90' SECOND), k;
