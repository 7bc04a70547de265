-- mode: streaming; conditions on the window bounds in WHERE and HAVING
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, HOUR(window_start) AS h, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
WHERE ts > TIMESTAMP '2024-03-09 08:00:00' AND window_start < TIMESTAMP '2024-03-09 10:00:00'
GROUP BY window_start, window_end, k
HAVING window_end <> TIMESTAMP '2024-03-09 08:30:00';
