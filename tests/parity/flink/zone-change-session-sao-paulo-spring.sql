-- mode: streaming; a midnight that did not come; SESSION
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/Sao_Paulo';
CREATE TABLE change (
  e BIGINT, k STRING, v INT, ts AS TO_TIMESTAMP_LTZ(e, 3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/change-sao-paulo-spring.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, k, COUNT(*) AS n, SUM(v) AS sv
FROM TABLE(SESSION(TABLE change PARTITION BY k, DESCRIPTOR(ts), INTERVAL '9' MINUTE))
GROUP BY window_start, window_end, window_time, k;
