-- mode: streaming; two hours that do not come; the older form
-- weir differs: the clock skips a stretch that is no hour of summer time, and Flink fires the window that ends in it after windows that
-- end later, so that it takes rows which are late here.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Antarctica/Troll';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-troll-spring.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT HOP_START(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS ws, HOP_END(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS we, HOP_ROWTIME(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY HOP(ts, INTERVAL '25' MINUTE, INTERVAL '40' MINUTE);
