-- mode: streaming; FILTER over a view, and groups with FILTER in a view
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW g AS SELECT window_start, window_end, COUNT(*) FILTER (WHERE v > 5) AS a, COUNT(*) FILTER (WHERE v <= 5) AS b FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;

SELECT window_start, a + b AS s, a - b AS d FROM g WHERE a > 0 OR b > 1;
