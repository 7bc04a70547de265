-- mode: streaming; two hours that do not come; allowed lateness
-- weir differs: the clock skips a stretch that is no hour of summer time, and Flink fires the window that ends in it after windows that
-- end later: its later rows are in time there and give new results. Here it fires in the order of ends and they are late.
-- Rows of weir by its rule, from tests/parity/zone_change.py.
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Antarctica/Troll';
SET 'table.exec.emit.allow-lateness' = '40 min';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-troll-spring.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '30' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '30' MINUTE) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY TUMBLE(ts, INTERVAL '30' MINUTE);
