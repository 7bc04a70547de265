-- mode: streaming; the older HOP over the changes, an odd ratio
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Australia/Lord_Howe';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '2' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '40' MINUTE, INTERVAL '1:40' HOUR TO MINUTE) AS ws, HOP_END(ts, INTERVAL '40' MINUTE, INTERVAL '1:40' HOUR TO MINUTE) AS we, HOP_ROWTIME(ts, INTERVAL '40' MINUTE, INTERVAL '1:40' HOUR TO MINUTE) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM changes
GROUP BY HOP(ts, INTERVAL '40' MINUTE, INTERVAL '1:40' HOUR TO MINUTE);
