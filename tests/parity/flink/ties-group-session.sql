-- mode: streaming; equal times, exactly one gap apart; the older form
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ties (
  ts TIMESTAMP(3), k STRING, v INT,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ties.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT SESSION_START(ts, INTERVAL '30' SECOND) AS ws, SESSION_END(ts, INTERVAL '30' SECOND) AS we, SESSION_ROWTIME(ts, INTERVAL '30' SECOND) AS wr, COUNT(*) AS n, SUM(v) AS sv
FROM ties
GROUP BY SESSION(ts, INTERVAL '30' SECOND);
