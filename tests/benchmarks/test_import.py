"""What it costs to import the evaluator, in a Python of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

Timed = Callable[[str], None]
Compare = Callable[[str, str, float], None]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a Python that does nothing", "pass"),
        ("import mfa_lab.iam", "import mfa_lab.iam"),
        ("import boto3", "import boto3"),
    ],
)
def test_import(benchmark: BenchmarkFixture, timed: Timed, name: str, code: str) -> None:
    command = [sys.executable, "-c", code]
    benchmark.pedantic(subprocess.run, (command,), {"check": True}, rounds=10, warmup_rounds=1)
    timed(name)


def test_it_is_lighter_than_an_aws_client(compare: Compare) -> None:
    compare("import boto3", "import mfa_lab.iam", 1.5)
