-- mode: batch; DATE_FORMAT of instants, times and texts
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE instants (id INT, ms BIGINT, s STRING, k STRING, l AS TO_TIMESTAMP_LTZ(ms, 3), t AS TO_TIMESTAMP(s)) WITH ('connector' = 'filesystem', 'path' = '${cases}/data/instants.csv', 'format' = 'csv', 'csv.null-literal' = '');

SELECT id, DATE_FORMAT(l, 'yyyy-MM-dd HH:mm:ss.SSS') AS a, DATE_FORMAT(t, 'yy/M/d H.m.s SSSSSS') AS b, DATE_FORMAT(s, 'yyyyMMdd HH') AS c, DATE_FORMAT(l, 'EEE, d MMM uuuu ''at'' h:mm a') AS d, DATE_FORMAT(t, 'EEEE MMMM D kk KK[ SS]') AS e, FROM_UNIXTIME(ms / 1000) AS f, FROM_UNIXTIME(ms / 1000, 'EEE, d MMM yyyy h:mm:ss.SSS a DDD kk K') AS g FROM instants;
