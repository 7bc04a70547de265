-- mode: streaming; EXP, LN and POWER in keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, EXP(i) AS a, LN(ABS(i)) AS b, POWER(i, 0.5) AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE i > 0
GROUP BY window_start, window_end, EXP(i), LN(ABS(i)), POWER(i, 0.5);
