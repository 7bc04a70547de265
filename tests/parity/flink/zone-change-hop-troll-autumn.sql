-- mode: streaming; two hours that come twice; HOP
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Antarctica/Troll';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-troll-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(HOP(TABLE change, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end;
