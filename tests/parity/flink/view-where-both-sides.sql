-- mode: streaming; WHERE below and above a windowed view
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT window_start, window_end, k, v FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND)) WHERE v > 2;

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM w WHERE v < 20 AND k IS NOT NULL
GROUP BY window_start, window_end, k;
