-- mode: streaming; CUMULATE over a day of 23 and one of 25 hours
SET 'pipeline.auto-watermark-interval' = '0';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE instants (d AS v * 2 + 1, ms BIGINT, k STRING, e AS CONCAT(k, '!'), v INT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts - INTERVAL '10' MINUTE) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/clock-changes.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, window_end, COUNT(*) AS n, SUM(d) AS s FROM TABLE(CUMULATE(TABLE instants, DESCRIPTOR(ts), INTERVAL '6' HOUR, INTERVAL '1' DAY)) GROUP BY window_start, window_end;
