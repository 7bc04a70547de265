-- mode: batch; from year 1 to 9999, the older form
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE far (
  ts TIMESTAMP(3), k STRING, v INT
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/far.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' HOUR) AS ws, TUMBLE_END(ts, INTERVAL '10' HOUR) AS we, k, COUNT(*) AS n, SUM(v) AS sv
FROM far
GROUP BY TUMBLE(ts, INTERVAL '10' HOUR), k;
