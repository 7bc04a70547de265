-- mode: streaming; early and late results with WHERE and HAVING; HOP
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
SET 'table.exec.emit.allow-lateness' = '15 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS ws, k, MAX(v) AS mv, SUM(v) AS sv
FROM swings
WHERE v <> 0 AND (k IS NULL OR k <> 'c')
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND), k
HAVING SUM(v) > 0 OR COUNT(*) = 2;
