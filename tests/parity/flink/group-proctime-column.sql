-- mode: streaming; TUMBLE_PROCTIME over event time
-- weir refuses this and says so.
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE late (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_END(ts, INTERVAL '10' SECOND) AS we, CAST(TUMBLE_PROCTIME(ts, INTERVAL '10' SECOND) AS STRING) AS p, COUNT(*) AS n
FROM late
GROUP BY TUMBLE(ts, INTERVAL '10' SECOND);
