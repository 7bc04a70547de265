-- mode: streaming; a group window over a computed time with results at every row
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts + INTERVAL '5' SECOND, INTERVAL '10' SECOND) AS s, k, COUNT(*) AS n
FROM late
GROUP BY TUMBLE(ts + INTERVAL '5' SECOND, INTERVAL '10' SECOND), k;
