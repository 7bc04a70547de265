-- mode: streaming; IF and CASE over the WATERMARK's column as the time of a group window
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(CASE WHEN v > 10 THEN ts + INTERVAL '10' SECOND ELSE ts END, INTERVAL '10' SECOND) AS ws, COUNT(*) AS n, SUM(v) AS s
FROM late
GROUP BY TUMBLE(CASE WHEN v > 10 THEN ts + INTERVAL '10' SECOND ELSE ts END, INTERVAL '10' SECOND);
