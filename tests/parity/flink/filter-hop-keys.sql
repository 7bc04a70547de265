-- mode: streaming; FILTER beside keys, with conditions that are unknown
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) FILTER (WHERE v > 5 OR k = 'b') AS a, MAX(ts) FILTER (WHERE v > 3) AS b, SUM(v) FILTER (WHERE TRUE) AS c, COUNT(k) FILTER (WHERE FALSE) AS d
FROM TABLE(HOP(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
