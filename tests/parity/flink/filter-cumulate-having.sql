-- mode: streaming; FILTER in HAVING, and in CASE
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, CASE WHEN COUNT(*) FILTER (WHERE v > 9) > 1 THEN 'big' ELSE 'small' END AS c, SUM(v) FILTER (WHERE v > 9) / COUNT(*) AS d
FROM TABLE(CUMULATE(TABLE late, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '20' SECOND))
GROUP BY window_start, window_end
HAVING COUNT(*) FILTER (WHERE k = 'a') > 0;
