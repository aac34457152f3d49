"""What is used of moto, private parts included. Where moto moves them, this fails loudly."""

from __future__ import annotations

import ast
import importlib
import json
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import mfa_lab
import mfa_lab.account
from mfa_lab.account import Account
from mfa_lab.account.clock import Clock
from mfa_lab.account.http import HttpRequest, headers_of
from mfa_lab.account.moto_state import lookups, state, wire
from tests.account.conftest import error_of

FOLDER = Path(mfa_lab.account.__file__).parent

PARTS = [
    # module, what is used of it
    ("moto.backend_index", ["backend_url_patterns"]),
    ("moto.core.base_backend", ["BackendDict.reset"]),
    ("moto.core.botocore_stubber", ["BotocoreStubber.process_request"]),
    ("moto.core.loaders", ["Loader.CUSTOMER_DATA_PATH", "Loader.BUILTIN_DATA_PATH"]),
    ("moto.core.model_instances", ["reset_model_data"]),
    ("moto.core.parse", ["PROTOCOL_PARSERS"]),
    ("moto.core.routing", ["get_service_router"]),
    ("moto.core.serialize", ["get_serializer_class"]),
    ("moto.core.request", ["Request.from_primitives"]),
    ("moto.core.utils", ["get_service_model"]),
    ("moto.core.exceptions", ["ServiceException"]),
    ("moto.iam.aws_managed_policies", ["aws_managed_policies_data"]),
    ("moto.iam.models", ["utcnow", "iam_backends", "AWSManagedPolicy.from_data", "IAMPolicyDocumentValidator", "IAMTrustPolicyDocumentValidator"]),
    ("moto.iam.policy_validation", ["IAMPolicyDocumentValidator.validate", "IAMTrustPolicyDocumentValidator.validate"]),
    ("moto.moto_api._internal", ["mock_random.seed"]),
    ("moto.ec2.models", ["ec2_backends"]),
    ("moto.s3.models", ["s3_backends"]),
    ("moto.sts.models", ["utcnow"]),
]  # fmt: skip


@pytest.mark.parametrize(("module", "names"), PARTS, ids=[module for module, _ in PARTS])
def test_the_part_is_there(module: str, names: list[str]) -> None:
    found = importlib.import_module(module)
    for name in names:
        part: Any = found
        for piece in name.split("."):
            part = getattr(part, piece)


BACKEND = ["users", "groups", "roles", "managed_policies", "virtual_mfa_devices", "access_keys", "account_aliases", "account_password_policy", "certificates", "tagger", "instance_profiles", "list_saml_providers"]  # fmt: skip
USER = ["name", "path", "id", "arn", "create_date", "mfa_devices", "policies", "managed_policies", "access_keys", "password", "password_last_used", "password_reset_required", "ssh_public_keys", "signing_certificates"]  # fmt: skip
GROUP = ["name", "path", "users", "policies", "managed_policies"]
BUCKET = ["name", "policy"]
KEY = ["access_key_id", "secret_access_key", "status", "create_date", "user_name"]
DEVICE = ["serial_number", "base32_string_seed", "qr_code_png", "enable_date", "user"]
ROLE = ["name", "id", "arn", "policies", "managed_policies", "assume_role_policy_document", "max_session_duration", "permissions_boundary"]  # fmt: skip
POLICY = ["name", "arn", "versions", "default_version_id"]
PASSWORD_POLICY = ["allow_users_to_change_password", "hard_expiry", "max_password_age", "minimum_password_length", "password_reuse_prevention", "require_lowercase_characters", "require_numbers", "require_symbols", "require_uppercase_characters"]  # fmt: skip


def test_the_objects_have_what_is_used_of_them(account: Account) -> None:
    iam = account.client("iam")
    iam.create_virtual_mfa_device(VirtualMFADeviceName="m")
    trust = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    iam.create_group(GroupName="g")
    iam.create_instance_profile(InstanceProfileName="ip")
    account.client("s3").create_bucket(Bucket="bucket")
    iam.update_account_password_policy(MinimumPasswordLength=10)
    backend = account.state.iam
    (user,) = account.state.users()
    (policy,) = backend.managed_policies.values()
    objects = [
        (backend, BACKEND),
        (user, USER),
        (backend.groups["g"], GROUP),
        (backend.instance_profiles["ip"], ["name", "roles"]),
        (*lookups.buckets(), BUCKET),
        (user.access_keys[0], KEY),
        (backend.virtual_mfa_devices["arn:aws:iam::123456789012:mfa/m"], DEVICE),
        (account.state.role("r"), ROLE),
        (policy, POLICY),
        (policy.versions[0], ["document", "version_id"]),
        (backend.account_password_policy, PASSWORD_POLICY),
    ]
    for one, names in objects:
        assert [name for name in names if not hasattr(one, name)] == [], type(one)


def test_dates_are_in_whole_seconds() -> None:
    """As AWS gives them."""
    with Account(clock=Clock(datetime(2021, 6, 11, 9, 0, 0, 123456, tzinfo=UTC))) as account:
        made = account.client("iam").create_group(GroupName="g")["Group"]
        assert made["CreateDate"] == datetime(2021, 6, 11, 9, 0, tzinfo=UTC)


def test_motos_own_authorization_is_off(account: Account) -> None:
    settings: Any = importlib.import_module("moto.settings")
    assert float("inf") == settings.INITIAL_NO_AUTH_ACTION_COUNT
    models: Any = importlib.import_module("moto.core.models")
    assert models.botocore_stubber.enabled is False


def imports_of(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_only_this_folder_knows_moto() -> None:
    """Whatever is public of moto or private, it is touched in one place."""
    package = FOLDER.parent
    knowing = {
        file.relative_to(package)
        for file in package.rglob("*.py")
        if any(name.split(".")[0] == "moto" for name in imports_of(file))
    }
    moto_state = Path("account") / "moto_state"
    assert knowing == {moto_state / f"{name}.py" for name in ("lookups", "state", "wire")}


def test_the_version_is_one_that_was_tested() -> None:
    assert version("moto").startswith("5.2."), "look through mfa_lab/account/moto_state"


@pytest.mark.parametrize("service", wire.SERVED)
def test_each_service_that_is_served_loads(account: Account, service: str) -> None:
    state.load_service(service)
    client = account.client(service)
    host = client.meta.endpoint_url.partition("://")[2]
    assert (
        wire.find_service(HttpRequest("POST", f"https://{host}/", headers_of({}))).name == service
    )


def test_no_served_service_sends_anything() -> None:
    """None of their files imports what moto sends HTTP with."""
    package: Any = importlib.import_module("moto")
    root = Path(package.__file__).parent
    senders = {"requests", "urllib3", "http.client", "urllib.request", "socket", "docker"}
    for service in wire.SERVED:
        for file in (root / service).rglob("*.py"):
            assert not imports_of(file) & senders, file


def test_a_document_over_which_moto_s_own_check_stumbles(account: Account) -> None:
    account.create_user("alice")
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": [None]}}
    code, message, _ = error_of(
        account.client("iam").put_user_policy,
        UserName="alice",
        PolicyName="p",
        PolicyDocument=json.dumps(document),
    )
    assert (code, message) == ("MalformedPolicyDocument", "Syntax errors in policy.")
