-- mode: batch; delimiter, quote, escape, comments, a field of two lines; quoted text that is the NULL literal
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE semicolon (
  id INT, st STRING, x DOUBLE
) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/semicolon.csv', 'format' = 'csv', 'csv.field-delimiter' = ';',
  'csv.quote-character' = '''', 'csv.escape-character' = '\', 'csv.allow-comments' = 'true', 'csv.null-literal' = 'NULL');

SELECT id, st, CHAR_LENGTH(st) AS n, x FROM semicolon;
