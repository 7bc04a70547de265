-- mode: batch; SUM and AVG of every numeric type: AVG of integers truncates towards zero
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE sums (
  ts TIMESTAMP(3), k STRING, t TINYINT, s SMALLINT, i INT, b BIGINT, f FLOAT, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/sums.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT window_start, k, SUM(t) AS st, AVG(t) AS a_t, SUM(s) AS ss, AVG(s) AS `as`, SUM(i) AS si, AVG(i) AS ai, SUM(b) AS sb, SUM(f) AS sf, AVG(f) AS af, SUM(x) AS sx, AVG(x) AS ax, COUNT(t) AS n
FROM TABLE(TUMBLE(TABLE sums, DESCRIPTOR(ts), INTERVAL '20' MINUTE))
GROUP BY window_start, window_end, k;
