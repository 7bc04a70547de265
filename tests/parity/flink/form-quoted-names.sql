-- mode: streaming; names in backticks that are words
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE `select` (
  ts TIMESTAMP(3), `group` STRING, `order` INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/late.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start AS `from`, `group`, SUM(`order`) AS `sum`
FROM TABLE(TUMBLE(TABLE `select`, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, `group`;
