-- mode: batch; tabs, no quotes, a NULL literal that is also in numbers
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE tabs (
  id INT, st STRING, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/tabs.csv', 'format' = 'csv', 'csv.field-delimiter' = '\t', 'csv.disable-quote-character' = 'true', 'csv.null-literal' = 'N');

SELECT id, st, CHAR_LENGTH(st) AS n, x FROM tabs;
