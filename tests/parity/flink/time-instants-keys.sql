-- mode: streaming; TO_TIMESTAMP_LTZ of seconds in keys, in New York
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE clocks (
  ts TIMESTAMP(3), t TIME(0), z STRING, e BIGINT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.ignore-parse-errors' = 'true');

SELECT window_start, window_end, CAST(TO_TIMESTAMP_LTZ(e, 0) AS STRING) AS a, DATE_FORMAT(TO_TIMESTAMP_LTZ(e, 0), 'yyyy-MM-dd HH') AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE clocks, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, CAST(TO_TIMESTAMP_LTZ(e, 0) AS STRING), DATE_FORMAT(TO_TIMESTAMP_LTZ(e, 0), 'yyyy-MM-dd HH');
