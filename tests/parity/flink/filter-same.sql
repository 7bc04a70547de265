-- mode: streaming; the same aggregate with and without FILTER, and twice
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, SUM(v) AS a, SUM(v) FILTER (WHERE v > 5) AS b, SUM(v) FILTER (WHERE v > 5) + 1 AS c, SUM(v) FILTER (WHERE v > 6) AS d
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end
HAVING SUM(v) FILTER (WHERE v > 5) IS NOT NULL;
