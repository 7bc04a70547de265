-- mode: streaming; early results; WHERE drops rows that move the watermark
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE swings (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/swings.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS we, COUNT(*) AS n, MIN(v) AS mv
FROM swings
WHERE k = 'b'
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
