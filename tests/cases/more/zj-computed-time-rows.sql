-- mode: streaming; the rows of a window, without grouping
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (d AS v * 2 + 1, ms BIGINT, k STRING, e AS CONCAT(k, '!'), v INT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock-changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT ms, d, window_start, window_end, window_time FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '1' HOUR)) WHERE v > 2;
