-- mode: streaming; LTRIM, RTRIM and BTRIM
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, LTRIM(s) || '|' AS a, '|' || RTRIM(s) AS b, BTRIM(s) || '|' AS c, LTRIM(s, 'xa ') AS d, RTRIM(s, 'x ') AS e, BTRIM(s, 'xH') AS f, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, LTRIM(s) || '|', '|' || RTRIM(s), BTRIM(s) || '|', LTRIM(s, 'xa '), RTRIM(s, 'x '), BTRIM(s, 'xH');
