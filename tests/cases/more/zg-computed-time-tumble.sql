-- mode: streaming; a window over a computed column, through both changes of the clock
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (d AS v * 2 + 1, ms BIGINT, k STRING, e AS CONCAT(k, '!'), v INT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock-changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, window_time, e, COUNT(*) AS n, SUM(d) AS s, MIN(ts) AS first_ts FROM TABLE(TUMBLE(TABLE instants, DESCRIPTOR(ts), INTERVAL '30' MINUTE)) GROUP BY window_start, window_end, window_time, e;
