-- mode: streaming; SELECT * over a view of groups
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW g AS SELECT window_start, window_end, k, COUNT(*) AS n, MAX(v) AS m FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, k;

SELECT *, n + COALESCE(m, 0) AS t FROM g WHERE k LIKE '%a%' OR m IS NULL OR CAST(m AS STRING) LIKE '1%';
