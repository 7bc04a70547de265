-- mode: streaming; WHERE on a bound, then groups
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT * FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '20' SECOND));

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM w WHERE window_end > TIMESTAMP '2024-05-01 10:00:20' AND window_start < TIMESTAMP '2024-05-01 10:02:20'
GROUP BY window_start, window_end;
