-- mode: streaming; the window in an inner query, the aggregate around it
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, low, COUNT(*) AS n
FROM (SELECT window_start, window_end, x < 20 AS low, v FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '10' MINUTE)) WHERE v IS NOT NULL)
GROUP BY window_start, window_end, low;
