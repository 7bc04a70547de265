-- mode: streaming; LEFT and RIGHT
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, LEFT(s, 3) AS a, RIGHT(s, 3) AS b, LEFT(s, 0) AS c, RIGHT(s, 0) AS d, LEFT(s, 100) AS e, RIGHT(s, 100) AS f, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, LEFT(s, 3), RIGHT(s, 3), LEFT(s, 0), RIGHT(s, 0), LEFT(s, 100), RIGHT(s, 100);
