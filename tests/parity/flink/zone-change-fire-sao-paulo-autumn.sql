-- mode: streaming; an hour that came twice, in a zone that has no summer time any more; allowed lateness
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/Sao_Paulo';
SET 'table.exec.emit.allow-lateness' = '40 min';
SET 'table.exec.emit.late-fire.enabled' = 'true';
SET 'table.exec.emit.late-fire.delay' = '0 s';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-sao-paulo-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '30' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '30' MINUTE) AS we, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY TUMBLE(ts, INTERVAL '30' MINUTE);
