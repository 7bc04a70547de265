-- mode: streaming; WHERE applies before sessions are cut
SET 'pipeline.auto-watermark-interval' = '0';
CREATE TABLE ticks (
  ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '40' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/ticks.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv, AVG(x) AS ax
FROM TABLE(SESSION(DATA => TABLE ticks PARTITION BY k, TIMECOL => DESCRIPTOR(ts), GAP => INTERVAL '20' SECOND))
WHERE v > 0
GROUP BY window_start, window_end, window_time, k;
