-- mode: streaming; keys made from instants, on the wall clock
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, EXTRACT(HOUR FROM ts) AS h, DATE_FORMAT(ts, 'HH:mm') AS hm, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '2' HOUR))
GROUP BY window_start, window_end, EXTRACT(HOUR FROM ts), DATE_FORMAT(ts, 'HH:mm');
