-- mode: streaming; WHERE over a view of sums
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW w AS SELECT window_start, window_end, k, SUM(v) AS sv, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND)) WHERE v <> 9 OR v IS NULL GROUP BY window_start, window_end, k HAVING COUNT(*) > 0;

SELECT k, sv + n AS total, window_end
FROM w WHERE sv >= 5 AND EXTRACT(SECOND FROM window_end) IN (10, 30, 0) AND (k IS NULL OR k <> 'c');
