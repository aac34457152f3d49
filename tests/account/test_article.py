"""The article's steps, in boto3 in the process and in the real AWS CLI against `mfa-lab serve`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from mfa_lab import folders
from mfa_lab.account import Account
from mfa_lab.account.aws_cli import find_aws_cli
from tests.account.article_steps import (
    POLICIES,
    STEPS,
    WEAKENED,
    Outcome,
    Step,
    World,
    learn,
    parameters_of,
)
from tests.started import started

Runner = Callable[[Step, Mapping[str, Any]], tuple[Outcome, Any]]


def document_of(policy: str) -> str:
    return (folders.data() / "policies" / f"{policy}.json").read_text("utf-8")


def run_through(world: World, run: Runner) -> list[str]:
    """Go through all steps and say in a line each what came out otherwise than documented."""
    wrong = []
    for step in STEPS:
        parameters = parameters_of(step, world)  # once: a code is another one a moment later
        (code, message), result = run(step, parameters)
        wanted_code, wanted_message = step.expected(world.policy)
        if code != wanted_code or wanted_message not in message:
            wrong.append(f"{step.who}: {step.name}: {code or 'OK'} {message}")
        if not code:
            learn(world, step, parameters, result)
    return wrong


def codes_of(world_results: dict[str, Any], name: str, now: Callable[[], float]) -> Any:
    def code(steps: int) -> str:
        seed = world_results.get(name) or pyotp.random_base32()
        return pyotp.TOTP(seed).at(now() + 30 * steps)

    return code


NOW = datetime(2021, 6, 11, 9, 0, 7, tzinfo=UTC)


def world_of(policy: str, now: Callable[[], float]) -> World:
    results: dict[str, Any] = {}
    return World(
        policy, document_of(policy), codes_of(results, "alice", now), codes_of(results, "Test", now),
        results=results,
    )  # fmt: skip


@pytest.mark.parametrize("policy", POLICIES)
def test_in_boto3(account: Account, policy: str) -> None:
    world = world_of(policy, lambda: account.clock.now().timestamp())

    def run(step: Step, parameters: Mapping[str, Any]) -> tuple[Outcome, Any]:
        client = account.client(step.service, world.results.get(step.who))
        try:
            result = getattr(client, xform_name(step.operation))(**parameters)
        except ClientError as error:
            return (error.response["Error"]["Code"], error.response["Error"]["Message"]), None
        if step.operation == "CreateVirtualMFADevice":
            seed = result["VirtualMFADevice"]["Base32StringSeed"].decode()
            world.results[parameters["VirtualMFADeviceName"]] = seed
        return ("", ""), result

    assert run_through(world, run) == []


@pytest.fixture(scope="module")
def aws() -> str:
    program = find_aws_cli()
    assert program is not None, "the AWS CLI is a dependency of the project"
    return program


@pytest.fixture
def served() -> Iterator[dict[str, Any]]:
    """`mfa-lab serve` in a process of its own, and what it says when it is ready."""
    # The time stands still: on a slow machine a code would grow old between two steps.
    command = [sys.executable, "-m", "mfa_lab.cli", "serve", "--clock", NOW.isoformat()]
    with started(command, patience=600, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def test_in_the_aws_cli(served: dict[str, Any], aws: str, tmp_path: Path) -> None:
    """With the weakened policy, which lets the most through.

    What each policy decides is the same for boto3 and over HTTP, since both pass one gate; starting
    the AWS CLI for each step takes most of the time.
    """
    world = world_of(WEAKENED, NOW.timestamp)
    admin = served["admin"]
    world.results["admin"] = {
        "AccessKeyId": admin["aws_access_key_id"],
        "SecretAccessKey": admin["aws_secret_access_key"],
    }

    def run(step: Step, parameters: Mapping[str, Any]) -> tuple[Outcome, Any]:
        keys = world.results[step.who]
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_DEFAULT_REGION": served["region"],
            "AWS_ENDPOINT_URL": served["endpoint_url"],
        }
        if keys.get("SessionToken"):
            environment["AWS_SESSION_TOKEN"] = keys["SessionToken"]
        ran = subprocess.run(
            [aws, *arguments_of(step, parameters, tmp_path)],
            env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if ran.returncode:
            _, _, rest = ran.stderr.partition("An error occurred (")
            code, _, rest = rest.partition(") when calling the ")
            operation, _, message = rest.partition(" operation: ")
            assert operation == step.operation, ran.stderr
            return (code, message), None
        if step.operation == "ChangePassword":
            assert (ran.stdout, ran.stderr) == ("", ""), "change-password prints nothing"
        if step.operation == "CreateVirtualMFADevice":
            name = parameters["VirtualMFADeviceName"]
            world.results[name] = (tmp_path / "seed").read_text()
        return ("", ""), json.loads(ran.stdout) if ran.stdout else None

    assert run_through(world, run) == []


def arguments_of(step: Step, parameters: Mapping[str, Any], folder: Path) -> list[str]:
    service = "s3api" if step.service == "s3" else step.service
    arguments = [service, xform_name(step.operation, "-")]
    for name, value in parameters.items():
        option = xform_name(name, "-")
        if value is True:
            arguments.append(f"--{option}")
        else:
            arguments += [f"--{option}", str(value)]
    if step.operation == "CreateVirtualMFADevice":
        arguments += ["--outfile", str(folder / "seed"), "--bootstrap-method", "Base32StringSeed"]
    return arguments
