-- mode: streaming; arithmetic and casts of bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start + INTERVAL '1' DAY AS a, CAST(window_end AS STRING) AS b, CAST(window_start AS DATE) AS c, EXTRACT(SECOND FROM window_end) AS e, FLOOR(window_start TO MINUTE) AS g, DATE_FORMAT(window_time, 'HH:mm:ss.SSS') AS h, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time;
