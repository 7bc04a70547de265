-- mode: streaming; FILTER with results at every row: rows that change nothing
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '10' SECOND) AS ws, k, SUM(v) FILTER (WHERE v > 0) AS a, MIN(v) FILTER (WHERE v < 0) AS b
FROM swings
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND), k;
