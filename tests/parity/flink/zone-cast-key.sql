-- mode: streaming; keys of CAST to DATE and TIME, on the wall clock
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/repeated.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CAST(ts AS DATE) AS d, CAST(ts AS TIMESTAMP(0)) AS t, k, COUNT(*) AS n
FROM TABLE(HOP(TABLE instants, DESCRIPTOR(ts), INTERVAL '30' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end, CAST(ts AS DATE), CAST(ts AS TIMESTAMP(0)), k;
