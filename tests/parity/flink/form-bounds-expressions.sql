-- mode: streaming; expressions over the bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(window_start AS STRING) AS s1, window_end - INTERVAL '1' SECOND AS s2, FLOOR(window_start TO MINUTE) AS s3, CEIL(window_end TO MINUTE) AS s4,
  EXTRACT(SECOND FROM window_end) AS s5, DATE_FORMAT(window_start, 'HH:mm:ss') AS s6, CAST(window_end AS DATE) AS s7, CAST(window_time AS STRING) AS s8, CAST(window_end AS TIME) AS s9, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time;
