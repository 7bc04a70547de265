-- mode: streaming; late rows in an hour that does not come; the older form
-- weir differs: all windows that end in the hour that is skipped fire at one instant, and Flink frees a part of [01:20, 02:10) before it
-- gives it: no row of b. weir gives the one that is in time.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE skipped (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/skipped.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '20' MINUTE, INTERVAL '50' MINUTE) AS ws, HOP_END(ts, INTERVAL '20' MINUTE, INTERVAL '50' MINUTE) AS we, HOP_ROWTIME(ts, INTERVAL '20' MINUTE, INTERVAL '50' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM skipped
GROUP BY HOP(ts, INTERVAL '20' MINUTE, INTERVAL '50' MINUTE), k;
