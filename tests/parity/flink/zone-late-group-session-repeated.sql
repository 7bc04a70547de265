-- mode: streaming; late rows in an hour that comes twice; the older form
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE repeated (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/repeated.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '12' MINUTE) AS ws, SESSION_END(ts, INTERVAL '12' MINUTE) AS we, SESSION_ROWTIME(ts, INTERVAL '12' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM repeated
GROUP BY SESSION(ts, INTERVAL '12' MINUTE), k;
