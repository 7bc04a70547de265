-- mode: streaming; STARTSWITH and ENDSWITH
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, STARTSWITH(s, 'He') AS a, ENDSWITH(s, 'd') AS b, STARTSWITH(s, '') AS c, ENDSWITH(s, s) AS d, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, STARTSWITH(s, 'He'), ENDSWITH(s, 'd'), STARTSWITH(s, ''), ENDSWITH(s, s);
