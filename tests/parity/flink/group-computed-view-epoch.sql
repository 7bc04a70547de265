-- mode: streaming; a group window over a computed time around 1970
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE epoch (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/epoch.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts - INTERVAL '30' SECOND, INTERVAL '1' MINUTE) AS s, k, COUNT(*) AS n
FROM epoch
GROUP BY TUMBLE(ts - INTERVAL '30' SECOND, INTERVAL '1' MINUTE), k;
