-- mode: streaming; a query in FROM over groups with CASE above
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ws, CASE k WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 0 END AS c, IF(n > 2, 'many', 'few') AS i FROM (SELECT window_start AS ws, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k)
WHERE k IS NOT NULL AND n <> 3;
