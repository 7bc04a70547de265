-- mode: streaming; a view of rows with windows, filtered above
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TEMPORARY VIEW r AS SELECT * FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND));

SELECT window_start, window_end, COALESCE(k, '?') AS k, COUNT(*) AS n, SUM(CASE WHEN v > 10 THEN 1 ELSE 0 END) AS big
FROM r
WHERE v IS NULL OR v <> 7
GROUP BY window_start, window_end, COALESCE(k, '?');
