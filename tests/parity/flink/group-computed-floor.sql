-- mode: streaming; FLOOR of the WATERMARK's column as the time of a group window
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT, t2 AS ts + INTERVAL '1' SECOND, t3 AS TO_TIMESTAMP(DATE_FORMAT(ts, 'yyyy-MM-dd HH:mm:ss')),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(FLOOR(ts TO SECOND), INTERVAL '10' SECOND) s, k, COUNT(*) n FROM late GROUP BY TUMBLE(FLOOR(ts TO SECOND), INTERVAL '10' SECOND), k;
