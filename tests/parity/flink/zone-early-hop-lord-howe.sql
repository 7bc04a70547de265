-- mode: streaming; early results over the changes
-- weir differs: Flink frees a part of the window [01:00, 02:00) before its end and begins anew with the last row, from 7 rows to 1.
-- weir keeps the 7.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
SET 'table.exec.emit.early-fire.enabled' = 'true';
SET 'table.exec.emit.early-fire.delay' = '0 s';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS ws, HOP_END(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM changes
GROUP BY HOP(ts, INTERVAL '30' MINUTE, INTERVAL '1' HOUR);
