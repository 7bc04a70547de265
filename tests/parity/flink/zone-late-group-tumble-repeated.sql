-- mode: streaming; late rows in an hour that comes twice; the older form
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/New_York';
CREATE TABLE repeated (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/repeated.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT TUMBLE_START(ts, INTERVAL '30' MINUTE) AS ws, TUMBLE_END(ts, INTERVAL '30' MINUTE) AS we, TUMBLE_ROWTIME(ts, INTERVAL '30' MINUTE) AS wr, k, COUNT(*) AS n, SUM(v) AS sv
FROM repeated
GROUP BY TUMBLE(ts, INTERVAL '30' MINUTE), k;
