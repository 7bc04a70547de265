-- mode: streaming; late results with HAVING over a bound
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '15 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS we, k, SUM(v) AS sv
FROM swings
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k
HAVING TUMBLE_END(ts, INTERVAL '10' SECOND) > TIMESTAMP '2024-05-01 10:00:10';
