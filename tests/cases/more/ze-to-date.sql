-- mode: batch; TO_DATE
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';
CREATE TABLE texts (id INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/texts.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ';');

SELECT id, TO_DATE(s) AS a FROM texts WHERE id IN (1, 2, 5, 6, 11, 12, 13, 16, 19, 25, 29);
