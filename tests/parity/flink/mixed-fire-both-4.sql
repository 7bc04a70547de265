-- mode: streaming; many rows out of order, results at every row and late ones
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
SET 'table.exec.emit.allow-lateness' = '20 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE mixed (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/mixed.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_END(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS we, k, COUNT(*) AS n, SUM(v) AS s
FROM mixed
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND), k
HAVING SUM(v) IS NULL OR SUM(v) > -5;
