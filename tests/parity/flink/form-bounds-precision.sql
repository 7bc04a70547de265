-- mode: streaming; bounds brought to other types
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT CAST(window_start AS TIMESTAMP(0)) AS a, CAST(window_time AS TIMESTAMP(0)) AS b, CAST(window_time AS TIMESTAMP(6)) AS c, CAST(window_time AS TIMESTAMP_LTZ(3)) AS d, window_start = window_end - INTERVAL '10' SECOND AS e, COUNT(v) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time;
