-- mode: streaming; intervals of several units added to times
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, ts + INTERVAL '1:30' MINUTE TO SECOND AS a, ts - INTERVAL '1 02:03:04.5' DAY TO SECOND AS b, ts + INTERVAL '1-2' YEAR TO MONTH AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, ts + INTERVAL '1:30' MINUTE TO SECOND, ts - INTERVAL '1 02:03:04.5' DAY TO SECOND, ts + INTERVAL '1-2' YEAR TO MONTH;
