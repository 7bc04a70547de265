-- mode: streaming; an hour that came twice, in a zone that has no summer time any more; sessions of the older form
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/Sao_Paulo';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-sao-paulo-autumn.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '9' MINUTE) AS ws, SESSION_END(ts, INTERVAL '9' MINUTE) AS we, SESSION_ROWTIME(ts, INTERVAL '9' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM change
GROUP BY SESSION(ts, INTERVAL '9' MINUTE), k;
