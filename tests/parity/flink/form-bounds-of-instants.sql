-- mode: streaming; expressions over the bounds of instants
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE instants (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(window_start AS STRING) AS s1, CAST(window_time AS STRING) AS s2, FLOOR(window_time TO HOUR) AS s3, CAST(window_end AS TIMESTAMP_LTZ(3)) AS s4, DATE_FORMAT(window_time, 'yyyy-MM-dd HH:mm') AS s5, window_time + INTERVAL '1' HOUR AS s6, EXTRACT(HOUR FROM window_time) AS s7, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, window_time;
