-- mode: streaming; LIKE as a key
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, s LIKE '%o_l%' AS a, s LIKE 'a!_b!%%' ESCAPE '!' AS b, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '20' SECOND))
GROUP BY window_start, window_end, s LIKE '%o_l%', s LIKE 'a!_b!%%' ESCAPE '!';
