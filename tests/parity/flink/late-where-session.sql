-- mode: streaming; WHERE drops rows that move W; SESSION over what is left
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW kept AS SELECT * FROM late WHERE k <> 'a';

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE kept PARTITION BY k, DESCRIPTOR(ts), INTERVAL '8' SECOND))
GROUP BY window_start, window_end, k;
