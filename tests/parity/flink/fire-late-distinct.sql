-- mode: streaming; COUNT(DISTINCT) of refired windows
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.exec.emit.allow-lateness' = '1 min';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '20' SECOND) AS ws, TUMBLE_END(ts, INTERVAL '20' SECOND) AS we, COUNT(DISTINCT k) AS nk, COUNT(DISTINCT v) AS nv
FROM late
GROUP BY TUMBLE(ts, INTERVAL '20' SECOND);
