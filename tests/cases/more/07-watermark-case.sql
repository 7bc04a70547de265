-- mode: streaming; a watermark that some rows leave alone and others push ahead
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS CASE WHEN k = 'ams' THEN ts - INTERVAL '0:40' MINUTE TO SECOND WHEN v > 250 THEN ts + INTERVAL '5' MINUTE ELSE CAST(NULL AS TIMESTAMP(3)) END
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, k;
