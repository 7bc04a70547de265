-- mode: streaming; a window over the time of a view that computes it
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT ts + INTERVAL '1' SECOND AS t2, k, v FROM late;

SELECT window_start, window_end, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE w, DESCRIPTOR(t2), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
