-- mode: streaming; an hour that came twice, in a zone that has no summer time any more; days
-- weir differs: Flink loses a window. Without summer time its buffer waits for W on the grid of UTC and then throws away what
-- belongs to windows that are closed on the wall clock. weir gives what Flink's older form gives.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/Sao_Paulo';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-sao-paulo-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(TUMBLE(TABLE change, DESCRIPTOR(ts), INTERVAL '1' DAY))
GROUP BY window_start, window_end, window_time;
