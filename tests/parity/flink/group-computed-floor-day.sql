-- mode: streaming; a group window over FLOOR to a day: every row of the day is at its start
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(FLOOR(ts TO MINUTE), INTERVAL '1' MINUTE) AS s, COUNT(*) AS n, MIN(ts) AS a, MAX(ts) AS b
FROM late
GROUP BY TUMBLE(FLOOR(ts TO MINUTE), INTERVAL '1' MINUTE);
