-- mode: batch; EXTRACT of an instant, EPOCH too, is by the wall clock
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Asia/Kathmandu';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, EXTRACT(YEAR FROM l) AS y, EXTRACT(QUARTER FROM l) AS q, EXTRACT(MONTH FROM l) AS mo, EXTRACT(WEEK FROM l) AS w, EXTRACT(DAY FROM l) AS d, EXTRACT(DOW FROM l) AS dw, EXTRACT(DOY FROM l) AS dy, EXTRACT(HOUR FROM l) AS h, EXTRACT(MINUTE FROM l) AS mi, EXTRACT(SECOND FROM l) AS se, EXTRACT(MILLISECOND FROM l) AS ms3, EXTRACT(EPOCH FROM l) AS ep, HOUR(l) AS h2, DAYOFMONTH(l) AS d2 FROM instants;
