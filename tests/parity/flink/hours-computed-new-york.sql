-- mode: streaming; a window over a computed instant around a change of the clock
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE hours (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '20' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/hours.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts + INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS ws, TUMBLE_ROWTIME(ts + INTERVAL '30' MINUTE, INTERVAL '1' HOUR) AS wr, k, COUNT(*) AS n
FROM hours
GROUP BY TUMBLE(ts + INTERVAL '30' MINUTE, INTERVAL '1' HOUR), k;
