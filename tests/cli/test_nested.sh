#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A file with columns that weir does not carry is read as long as the query leaves them out.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/check.sh"
cp "$here/../connect/data/arrow/nested.arrow" . || fail "the fixture is missing"

run query "SELECT first, middle FROM 'nested.arrow' ORDER BY first"
code_is 0
is "rows and header" "$(wc -l <out)" 3
run query "SELECT COUNT(*) AS n FROM 'nested.arrow'"
out_is 'n
2'
run query "SELECT first, list FROM 'nested.arrow'"
fails "list"
run query "SELECT * FROM 'nested.arrow'"
fails "list"
finish
