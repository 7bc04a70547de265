-- mode: streaming; the older form over the changes
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE changes (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '2' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' HOUR) AS ws, TUMBLE_END(ts, INTERVAL '1' HOUR) AS we, TUMBLE_ROWTIME(ts, INTERVAL '1' HOUR) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM changes
GROUP BY TUMBLE(ts, INTERVAL '1' HOUR);
