-- mode: streaming; FLOOR, CEIL and SIGN of doubles
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, FLOOR(x) AS a, CEIL(x) AS b, SIGN(x) AS c, ABS(x) AS d, COUNT(*) AS n
FROM TABLE(HOP(TABLE texts, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, FLOOR(x), CEIL(x), SIGN(x), ABS(x);
