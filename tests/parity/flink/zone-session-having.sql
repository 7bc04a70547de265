-- mode: streaming; sessions on the wall clock with HAVING over bounds
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/Sao_Paulo';
CREATE TABLE days (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' HOUR
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/days.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, MAX(ts) AS m
FROM TABLE(SESSION(TABLE days PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' HOUR))
GROUP BY window_start, window_end, k
HAVING EXTRACT(HOUR FROM window_start) < 12 OR COUNT(*) > 1;
