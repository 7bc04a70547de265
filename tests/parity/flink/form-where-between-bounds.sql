-- mode: streaming; BETWEEN and IN over bounds in HAVING
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end
HAVING window_start BETWEEN TIMESTAMP '2024-05-01 10:00:10' AND TIMESTAMP '2024-05-01 10:01:00' OR window_end IN (TIMESTAMP '2024-05-01 10:02:30', TIMESTAMP '2024-05-01 10:00:10');
