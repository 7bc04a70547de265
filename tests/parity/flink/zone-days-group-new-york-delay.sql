-- mode: streaming; days on the wall clock, late rows; the older form
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '1' DAY) AS ws, TUMBLE_END(ts, INTERVAL '1' DAY) AS we, TUMBLE_ROWTIME(ts, INTERVAL '1' DAY) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM days
GROUP BY TUMBLE(ts, INTERVAL '1' DAY), k;
