-- mode: streaming; the older form over the changes
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '2' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '20' MINUTE) AS ws, SESSION_END(ts, INTERVAL '20' MINUTE) AS we, SESSION_ROWTIME(ts, INTERVAL '20' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM changes
GROUP BY SESSION(ts, INTERVAL '20' MINUTE), k;
