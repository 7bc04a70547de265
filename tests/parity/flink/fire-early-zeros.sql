-- mode: streaming; early results of a SUM that goes from 0.0 to -0.0
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '30' SECOND) AS ws, s, MAX(f) AS a, MIN(d) AS b
FROM typed
WHERE x = 0.0E0 OR f = 0.0E0
GROUP BY TUMBLE(ts, INTERVAL '30' SECOND), s;
