-- mode: streaming; CUMULATE of a day on the wall clock, late rows
-- weir differs: Flink loses windows. Without summer time its buffer waits for W on the grid of UTC and then throws away what
-- belongs to windows that are closed on the wall clock. weir gives what Flink gives when ts is CAST to the TIMESTAMP of the wall clock.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Asia/Tokyo';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(CUMULATE(TABLE days, DESCRIPTOR(ts), INTERVAL '6' HOUR, INTERVAL '1' DAY))
GROUP BY window_start, window_end, k;
