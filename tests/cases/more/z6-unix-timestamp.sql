-- mode: batch; UNIX_TIMESTAMP takes the later of two instants
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Europe/Berlin';
CREATE TABLE texts (id INT, s STRING) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/texts.csv', 'format' = 'csv', 'csv.null-literal' = '', 'csv.field-delimiter' = ';');

SELECT id, UNIX_TIMESTAMP(s) AS a, UNIX_TIMESTAMP(s, 'yyyy-MM-dd') AS b, UNIX_TIMESTAMP(s, 'yyyyMMddHHmmss') AS c, UNIX_TIMESTAMP(s, 'd MMM yyyy h:mm a') AS d, UNIX_TIMESTAMP(s, 'yyyy-MM-dd HH:mm:ss.SSS') AS e, UNIX_TIMESTAMP(s, 'd MMMM yyyy') AS f, UNIX_TIMESTAMP(s, 'h:mm a') AS g, UNIX_TIMESTAMP(s, 'yyyy-MM-dd kk') AS h FROM texts;
