-- mode: streaming; HOP over a computed column in a zone half an hour off
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'America/St_Johns';
CREATE TABLE instants (d AS v * 2 + 1, ms BIGINT, k STRING, e AS CONCAT(k, '!'), v INT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock-changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS s FROM TABLE(HOP(TABLE instants, DESCRIPTOR(ts), INTERVAL '20' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k;
