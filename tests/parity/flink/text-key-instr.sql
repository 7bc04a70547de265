-- mode: streaming; INSTR and LOCATE
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE texts (
  ts TIMESTAMP(3), s STRING, i INT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '4' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/text.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, INSTR(s, 'l') AS a, LOCATE('l', s) AS b, INSTR(s, '') AS c, LOCATE('', s) AS d, INSTR(s, 'zzz') AS e, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE texts, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, INSTR(s, 'l'), LOCATE('l', s), INSTR(s, ''), LOCATE('', s), INSTR(s, 'zzz');
