# SPDX-License-Identifier: Apache-2.0
"""Rows of suites in files: made where they are not there, or where what makes them has changed since."""
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def is_current(path, *sources):
    """The file is there, and none of what it is made from is newer."""
    return path.exists() and all(source.stat().st_mtime <= path.stat().st_mtime for source in sources)


def make_rows(generator, data, rows, path):
    """generator: the program bench_generate; data: what it is to make."""
    if not is_current(path, *(HERE / "suites").glob("*.[ch]")):
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([generator, data, str(rows), path], check=True)
