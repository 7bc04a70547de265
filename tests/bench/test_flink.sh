#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# flink.py over a handful of rows: every work is asked with what stands in for Flink and without it, other rows are found out, and so is a
# result that takes rows back. Skipped without Parquet.
set -u
turns=$1
source=$2
generate=$(dirname "$turns")/bench_generate
weir=$(dirname "$turns")/../weir # not there in builds without the program
command -v python3 >/dev/null && [ -x "$weir" ] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1
unset WEIR_FLINK
"$generate" recorded 10 "$work/probe.arrow" || exit 1
"$weir" convert "$work/probe.arrow" "$work/probe.parquet" 2>"$work/err" || {
  grep -q 'no Parquet' "$work/err" && exit 77
  cat "$work/err"
  exit 1
}
# In streaming mode the kind of each row stands first.
cat >"$work/flink" <<END
#!/bin/sh
kinds=cat
[ "\$2" = streaming ] && kinds="sed -e 1s/^/op,/ -e '2,\\\$s/^/\${KIND:-+I},/'"
case "\$4" in parallelism.default=[12]) ;; *) exit 1 ;; esac
"$weir" run -o csv "\$1" | eval "\${SPOIL:-cat}" | eval "\$kinds" | sed '1i ## 1' >"\$3" && printf '[1] 0.25 s wall\\n[2] 0.002 s wall\\n'
END
chmod +x "$work/flink"
flink() {
  python3 "$source/bench/flink.py" --weir "$weir" --generator "$generate" --data "$work/data" --rows 20000 --rounds 1 --json "$work/json" "$@"
}
failed=0
fail() {
  echo "FAIL: $*"
  failed=1
}
flink --flink "$work/flink" || fail "code $?"
python3 - "$work/json" <<'END' || fail "figures"
import json, sys
results = json.load(open(sys.argv[1]))
assert len(results) == 14 and len({result["name"] for result in results}) == 14, results
fields = {"name", "workers", "rows_per_s", "spread", "peer", "peer_rows_per_s", "ratio", "roof", "roof_share", "target", "met"}
for result in results:
    assert fields <= result.keys() and result["peer"] == "flink" and result["flink_steady_s"] == 0.002, result
    assert abs(result["ratio"] - result["rows_per_s"] / result["peer_rows_per_s"]) < 1e-6 * result["ratio"], result
END
flink --workers 0 --only q7 >"$work/out" || fail "without Flink: code $?"
grep -q 'Flink is left out' "$work/out" || fail "nothing says that Flink is left out"
tail -n 1 "$work/out" | grep -q "weir's figures alone, Flink was left out" || fail "the last line: $(tail -n 1 "$work/out")"

# What runs Flink says what it lacks, where, and what to do; here Maven has no network.
mkdir "$work/bin"
printf '#!/bin/sh\necho "openjdk version \\"17.0.1\\"" >&2\n' >"$work/bin/java"
printf '#!/bin/sh\nexit 0\n' >"$work/bin/javac"
printf '#!/bin/sh\necho no network\nexit 1\n' >"$work/bin/mvn"
chmod +x "$work/bin/java" "$work/bin/javac" "$work/bin/mvn"
check() { env -u JAVA_HOME PATH="$work/bin:$PATH" XDG_CACHE_HOME="$work/cache" "$source/bench/flink-run" --check; }
check >"$work/out" 2>"$work/err" && fail "Flink could be fetched from nowhere"
for words in '^no network$' '^flink-run: Maven could not fetch Flink [0-9.]*, ' 'repo.maven.apache.org' "$work/cache/weir/flink-run" 'WEIR_FLINK= (empty)'; do
  grep -q "$words" "$work/err" || fail "flink-run does not say $words: $(cat "$work/err")"
done
rm "$work/bin/java"
printf '#!/bin/sh\necho "openjdk version \\"11.0.1\\"" >&2\n' >"$work/bin/java"
chmod +x "$work/bin/java"
check 2>"$work/err" && fail "a JDK of 11 was taken"
grep -q 'version 11: Flink needs JDK 17' "$work/err" || fail "the JDK: $(cat "$work/err")"

export SPOIL KIND
SPOIL="sed 's/sensor-0007/sensor-0008/'"
flink --flink "$work/flink" --only tumble --workers 0 2>"$work/err" && fail "other rows are not found out"
grep -q 'results differ: weir .*, Flink' "$work/err" || fail "the message: $(cat "$work/err")"
SPOIL=cat
KIND=-U
flink --flink "$work/flink" --only session --workers 0 2>"$work/err" && fail "rows taken back are not found out"
grep -q 'took rows back' "$work/err" || fail "the message: $(cat "$work/err")"
exit $failed
