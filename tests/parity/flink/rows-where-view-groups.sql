-- mode: streaming; groups over a view of rows of windows that is filtered by bounds
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW r AS SELECT * FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND)) WHERE window_start > TIMESTAMP '2024-05-01 10:00:00' AND v IS NOT NULL;

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS s FROM r WHERE window_end < TIMESTAMP '2024-05-01 10:02:00' GROUP BY window_start, window_end, k;
