-- mode: streaming; LEFT of UPPER, RIGHT of TRIM and STARTSWITH in CASE as keys
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, LEFT(UPPER(s), 2) AS a, RIGHT(TRIM(s), 2) AS b, CASE WHEN STARTSWITH(s, 'He') THEN 'he' WHEN ENDSWITH(s, ' ') THEN 'blank' END AS c, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
WHERE i <> 12
GROUP BY window_start, window_end, LEFT(UPPER(s), 2), RIGHT(TRIM(s), 2), CASE WHEN STARTSWITH(s, 'He') THEN 'he' WHEN ENDSWITH(s, ' ') THEN 'blank' END;
