# SPDX-License-Identifier: Apache-2.0
"""Which tests show each rule of docs/semantics.md, by rules.txt beside this file.

    conformance.py check               every rule has tests, and every test that is named exists in the sources
    conformance.py names               the tests of ctest that are named, as a pattern for ctest -R
    conformance.py table RESULTS.xml   docs/conformance.md, with what `ctest --output-junit RESULTS.xml` found
"""
import re
import sys
import xml.etree.ElementTree as xml
from collections import namedtuple
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
PAGE, TABLE = SOURCE / "docs" / "semantics.md", SOURCE / "docs" / "conformance.md"

INTRODUCTION = """\
The rules of [semantics.md](semantics.md), the tests that show each, and what they said last. Made by `scripts/conformance`
from `tests/conformance/rules.txt`: `case` and `parity` are scripts with the rows that Flink gave (`tests/cases`,
`tests/parity/flink`), `model` random queries against a reference, or the reference's own tests (`tests/model`); all others
are names of test programs and of functions in them. `refused` stands where the rule is that weir refuses something, and its
tests pass."""

# What a rule of rules.txt says: whether weir refuses something, why it is not offered (None: it is), its tests.
Rule = namedtuple("Rule", "name refuses absent tests")
# A test: as rules.txt names it, what ctest calls its program, and its name within that (None: all of it).
Test = namedtuple("Test", "text program part")


def test_of(text):
    kind, _, part = text.partition(":")
    if kind == "case":
        return Test(text, "cases/cases", f"cases/{part}.sql")
    if kind == "parity":
        return Test(text, "parity/flink", f"parity/flink/{part}.sql")
    if kind == "model":
        return Test(text, "model/rules" if part.startswith("test_") else "model/compare", None)
    return Test(text, kind, part or None)


def read_rules():
    rules = []
    for line in (HERE / "rules.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] == " ":
            rules[-1].tests.append(test_of(line.strip()))
            continue
        name, _, rest = line.partition(" ")
        if rest not in ("", "refuses") and not rest.startswith("absent "):
            sys.exit(f"rules.txt: '{line}': after the rule stands nothing, 'refuses' or 'absent' and why")
        rules.append(Rule(name, rest == "refuses", rest[len("absent "):] or None, []))
    return rules


def read_page():
    """Rule -> its words."""
    found = re.findall(r"^- \*\*(\S+)\*\* (.*)$", PAGE.read_text(), re.MULTILINE)
    if len(found) != len(dict(found)):
        sys.exit("docs/semantics.md has a rule twice")
    return dict(found)


# ---- what is named is there ----

def source_of(program):
    room, _, name = program.partition("/")
    for path in (SOURCE / "tests" / room / f"test_{name}.c", SOURCE / "tests" / room / f"test_{name}.sh"):
        if path.exists():
            return path
    return None


def missing_model(part):
    if part.startswith("test_"):
        return f"def {part}(self)" not in (SOURCE / "tests" / "model" / "test_model.py").read_text()
    sys.path.insert(0, str(SOURCE / "tests" / "model"))
    sys.dont_write_bytecode = True
    import generate
    return part not in generate.WORKING


def missing(test):
    """Why a test is not there, or None."""
    kind, _, part = test.text.partition(":")
    if kind == "model":
        return "the model has no such kind or test that agrees" if missing_model(part) else None
    if kind in ("case", "parity"):
        script = SOURCE / "tests" / test.part
        return None if script.exists() and script.with_suffix(".csv").exists() else f"there is no {script}"
    path = source_of(test.program)
    if path is None:
        return "there is no such test program"
    if test.part and len(re.findall(rf"\b{test.part}\b", path.read_text())) < 2:
        return f"{path.name} does not run such a function"
    return None


def check():
    rules, words, wrong = read_rules(), read_page(), []
    names = [rule.name for rule in rules]
    wrong += [f"{name}: twice in rules.txt" for name in set(names) if names.count(name) > 1]
    wrong += [f"{name}: in docs/semantics.md, not in rules.txt" for name in words if name not in names]
    for rule in rules:
        if rule.absent:
            wrong += [f"{rule.name}: absent, and in docs/semantics.md"] if rule.name in words else []
            continue
        wrong += [f"{rule.name}: in rules.txt, not in docs/semantics.md"] if rule.name not in words else []
        wrong += [f"{rule.name}: no test shows it"] if not rule.tests else []
        wrong += [f"{rule.name}: {test.text}: {missing(test)}" for test in rule.tests if missing(test)]
    if not wrong and without_states(TABLE.read_text() if TABLE.exists() else "") != without_states(table({})):
        wrong.append("docs/conformance.md is not made from these rules; run scripts/conformance")
    print("\n".join(wrong) or f"{len(rules)} rules, each with its tests")
    return 1 if wrong else 0


# ---- the table ----

def read_results(path):
    """Program -> (state, output). Shares of a program, NAME_1 and so on, are one: failed where one of them is."""
    order = ["passed", "not run", "failed"]
    results = {}
    for case in xml.parse(path).getroot().iter("testcase"):
        name = re.sub(r"_\d+$", "", case.get("name"))
        output = case.findtext("system-out") or ""
        state = {"run": "passed", "fail": "failed"}.get(case.get("status"), "not run")
        before = results.get(name, ("passed", ""))
        results[name] = (max(before[0], state, key=order.index), before[1] + output)
    return results


def state_of(test, results):
    """A function's own state where the output tells it, else that of its program."""
    state, output = results.get(test.program, ("not run", ""))
    if test.part is None:
        return state
    part = re.escape(test.part)
    if re.search(rf"^\[\s+OK \] {part}$", output, re.MULTILINE):
        return "passed"
    if re.search(rf"^\[  FAILED  \] {part}$", output, re.MULTILINE):
        return "failed"
    return "failed" if state == "failed" else "not run"


def rule_state(rule, results):
    states = [state_of(test, results) for test in rule.tests]
    for state in ("failed", "not run"):
        if state in states:
            return state
    return "refused" if rule.refuses else "passed"


def without_states(text):
    return re.sub(r" \| (passed|failed|refused|not run) \|$", " |", text, flags=re.MULTILINE)


def heading(name):
    titles = {"1": "Windows", "2": "Watermarks", "3": "Late rows", "4": "Results", "case": "Worked cases"}
    return titles[name.split(".")[0]]


def first_sentence(words):
    return re.match(r".*?[^.](\. |\.?$)", words).group(0).rstrip(" .;,").replace("|", "\\|")


def table(results):
    rules, words = read_rules(), read_page()
    lines = ["# Conformance", "", *INTRODUCTION.splitlines()]
    title = None
    for rule in rules:
        if rule.absent:
            continue
        if heading(rule.name) != title:
            title = heading(rule.name)
            lines += ["", f"## {title}", "", "| rule | | shown by | state |", "|---|---|---|---|"]
        says, tests = first_sentence(words.get(rule.name, "-")), "<br>".join(f"`{test.text}`" for test in rule.tests)
        lines.append(f"| {rule.name} | {says} | {tests} | {rule_state(rule, results)} |")
    lines += ["", "## Not offered", ""]
    lines += [f"- {rule.name}: {rule.absent}" for rule in rules if rule.absent]
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:] == ["check"]:
        return check()
    if sys.argv[1:] == ["names"]:
        programs = sorted({test.program for rule in read_rules() for test in rule.tests})
        print("^(" + "|".join(map(re.escape, programs)) + r")(_[0-9]+)?$")
        return 0
    if len(sys.argv) == 3 and sys.argv[1] == "table":
        text = table(read_results(sys.argv[2]))
        TABLE.write_text(text)
        for state in ("passed", "refused", "failed", "not run"):
            print(f"{len(re.findall(rf' . {state} .$', text, re.MULTILINE))} {state}")
        return 1 if re.search(r" \| (failed|not run) \|$", text, re.MULTILINE) else 0
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
