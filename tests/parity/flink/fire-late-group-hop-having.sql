-- mode: streaming; allowed lateness of HOP, HAVING over AVG
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '20 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS ws, COALESCE(k, '?') AS c, AVG(v) AS a, COUNT(*) AS n
FROM swings
GROUP BY HOP(ts, INTERVAL '5' SECOND, INTERVAL '10' SECOND), COALESCE(k, '?')
HAVING AVG(v) > 0 OR COUNT(*) > 2;
