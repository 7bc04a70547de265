-- mode: streaming; WHERE leaves no row
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW kept AS SELECT * FROM late WHERE v > 1000;

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE kept, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end;
