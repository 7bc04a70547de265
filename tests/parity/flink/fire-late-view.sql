-- mode: streaming; late results over a view, and a condition above them
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '15 s';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, k, SUM(v) AS sv FROM swings WHERE v IS NOT NULL GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;

SELECT ws, UPPER(k) AS k2, sv / 2 AS half
FROM w WHERE sv <> 1;
