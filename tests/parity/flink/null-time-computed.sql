-- mode: batch; a group window over a computed time that may be NULL, in a batch
SET 'pipeline.auto-watermark-interval' = '0';
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(CASE WHEN v IS NOT NULL THEN ts END, INTERVAL '10' SECOND) AS s, COUNT(*) AS n
FROM late
GROUP BY TUMBLE(CASE WHEN v IS NOT NULL THEN ts END, INTERVAL '10' SECOND);
