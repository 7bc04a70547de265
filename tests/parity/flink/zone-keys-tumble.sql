-- mode: streaming; dates and hours of instants as keys
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(ts AS DATE) AS d, EXTRACT(HOUR FROM ts) AS h, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE days, DESCRIPTOR(ts), INTERVAL '6' HOUR))
GROUP BY window_start, window_end, CAST(ts AS DATE), EXTRACT(HOUR FROM ts), k;
