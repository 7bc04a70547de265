-- mode: batch; instants of NULL and of numbers, batch
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE kinds (
  t STRING, k STRING, v BIGINT, ts AS TO_TIMESTAMP_LTZ(v * 1000000000, 3)
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nulltime.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, k, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE kinds, DESCRIPTOR(ts), INTERVAL '7' DAY))
GROUP BY window_start, window_end, k;
