-- mode: streaming; a group window over a computed instant
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts + INTERVAL '1' HOUR, INTERVAL '1' DAY) AS ws, TUMBLE_ROWTIME(ts + INTERVAL '1' HOUR, INTERVAL '1' DAY) AS wr, k, COUNT(*) AS n
FROM days
GROUP BY TUMBLE(ts + INTERVAL '1' HOUR, INTERVAL '1' DAY), k;
