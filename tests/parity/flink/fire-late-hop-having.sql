-- mode: streaming; late results of HOP with HAVING over a count
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '15 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_END(ts, INTERVAL '5' SECOND, INTERVAL '15' SECOND) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM swings
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '15' SECOND)
HAVING COUNT(*) BETWEEN 2 AND 5;
