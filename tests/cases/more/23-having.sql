-- mode: streaming; HAVING over aggregates that the result does not hold
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT k, window_end, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
GROUP BY window_start, window_end, k
HAVING COUNT(*) > 3 AND (MAX(x) > 40 OR MIN(v) IS NULL) AND (k IS NULL OR k <> 'jfk');
