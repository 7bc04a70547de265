-- mode: streaming; two hours that come twice; the older form
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Antarctica/Troll';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-troll-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS ws, HOP_END(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS we, HOP_ROWTIME(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY HOP(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE);
