-- mode: batch; options of the table's own, overridden by a hint: the path, the text of NULL, the delimiter
CREATE TABLE ticks (ts TIMESTAMP(3), k STRING, v BIGINT, x DOUBLE)
WITH ('connector' = 'filesystem', 'path' = '${cases}/data/nothing.csv', 'format' = 'csv', 'csv.null-literal' = 'a', 'csv.field-delimiter' = ';');

SELECT k, COUNT(*) AS n, COUNT(v) AS nv, SUM(v) AS s
FROM (SELECT * FROM ticks /*+ OPTIONS('path' = '${cases}/data/ticks.csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ',') */ AS t WHERE t.v IS NULL OR t.v > 1) /* no hint */
GROUP BY k;
