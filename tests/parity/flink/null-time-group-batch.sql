-- mode: batch; a NULL time: the row is left out; the older form
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE nulltime (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nulltime.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '1' MINUTE) AS we, k, COUNT(*) AS n, SUM(v) AS sv
FROM nulltime
GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), k;
