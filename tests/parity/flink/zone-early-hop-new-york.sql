-- mode: streaming; early results over the changes
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS ws, HOP_END(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM changes
GROUP BY HOP(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR);
