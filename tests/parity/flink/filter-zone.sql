-- mode: streaming; FILTER over instants and bounds of days in a zone
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) FILTER (WHERE EXTRACT(HOUR FROM ts) < 12) AS am, COUNT(*) FILTER (WHERE EXTRACT(HOUR FROM ts) >= 12) AS pm
FROM TABLE(TUMBLE(TABLE days, DESCRIPTOR(ts), INTERVAL '1' DAY))
GROUP BY window_start, window_end;
