-- mode: batch; lines that end in CRLF; blanks in text stay
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE crlf (
  id INT, st STRING, o BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/crlf.csv', 'format' = 'csv');

SELECT id, st, CHAR_LENGTH(st) AS n, o, st = '' AS e FROM crlf;
