-- mode: batch; the older form in batch mode, whole slides
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '20' SECOND) AS ws, HOP_END(ts, INTERVAL '5' SECOND, INTERVAL '20' SECOND) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM late
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '20' SECOND);
