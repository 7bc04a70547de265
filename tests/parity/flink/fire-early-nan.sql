-- mode: streaming; early results of MAX and SUM with NaN
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE typed (
  ts TIMESTAMP(3), d DECIMAL(10, 2), da DATE, t TIME, o BOOLEAN, x DOUBLE, f FLOAT, s STRING, y BYTES, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/keys.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, o, SUM(x) AS a, COUNT(*) AS n
FROM typed
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), o;
