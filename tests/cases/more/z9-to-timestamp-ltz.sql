-- mode: batch; TO_TIMESTAMP_LTZ of a text is in UTC, whatever the session's zone
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE texts (id INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/texts.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ';');

SELECT id, CASE WHEN id IN (1, 2, 4, 7, 11, 16, 24, 25) THEN TO_TIMESTAMP_LTZ(s) END AS a, TO_TIMESTAMP_LTZ(s, 'yyyy-MM-dd HH:mm:ss') AS b, TO_TIMESTAMP_LTZ(s, 'yyyy-MM-dd HH:mm:ss[.SSS]', 'America/New_York') AS c, TO_TIMESTAMP_LTZ(s, 'yyyy-MM-dd HH:mm:ss', 'Europe/Berlin') AS d, TO_TIMESTAMP_LTZ(s, 'yyyy-MM-dd HH:mm:ss', '+05:30') AS e FROM texts WHERE id < 33;
