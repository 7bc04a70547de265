-- mode: streaming; ORDER BY window_time of instants
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_time, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, window_time, k
ORDER BY window_time, k;
