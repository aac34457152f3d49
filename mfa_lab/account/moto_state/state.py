"""The state of the account, which moto holds: its IAM objects can be looked at and changed.

This folder is the only one that touches moto, for three things: to tell which operation an HTTP
request is and to carry it out (`wire`), and to hold the state (here and in `lookups`). moto's own
authorization is never switched on. What is used here is private to moto in part;
`tests/account/moto_state/test_state.py` fails loudly where it moves.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any, Final
from unittest import mock

from mfa_lab.account.clock import Clock
from mfa_lab.account.isolated_boto3 import isolated_imports

with isolated_imports():
    from moto import settings
    from moto.core import (
        base_backend,
        loaders,
        model_instances,
    )
    from moto.core.exceptions import ServiceException
    from moto.core.responses import BaseResponse
    from moto.iam import access_control, aws_managed_policies, policy_validation
    from moto.iam import models as iam_models
    from moto.moto_api._internal import mock_random
    from moto.s3 import models as s3_models
    from moto.sts import models as sts_models

# Models of services in the learner's ~/.aws/models are none of the account's business.
loaders.Loader.CUSTOMER_DATA_PATH = loaders.Loader.BUILTIN_DATA_PATH

ACCOUNT_ID: Final = "123456789012"
REGION: Final = "us-east-1"


@cache
def _aws_managed_policies() -> dict[str, Any]:
    """Return AWS's managed policies by name, as moto has them."""
    policies: dict[str, Any] = json.loads(aws_managed_policies.aws_managed_policies_data)
    return policies


class MotoState:
    """One account's IAM objects, and all else that moto holds.

    Args:
        clock: The time that dates are taken from.
        seed: Seed of the ids that moto makes; None for the system's randomness.
    """

    def __init__(self, clock: Clock, seed: int | str | None) -> None:
        self._patches = ExitStack()
        # moto's clock is naive, and AWS gives dates in whole seconds.
        now = lambda: clock.now().replace(microsecond=0, tzinfo=None)  # noqa: E731
        for module in (iam_models, sts_models):
            self._patches.enter_context(mock.patch.object(module, "utcnow", now))
        # One grammar decides which policies there are: that of mfa_lab.iam, at the gate.
        for name in ("IAMPolicyDocumentValidator", "IAMTrustPolicyDocumentValidator"):
            self._patches.enter_context(mock.patch.object(iam_models, name, _NoValidator))
        for owner, name, stand_in in (
            # moto takes the account from a header, a variable or the key; here there is one.
            (BaseResponse, "get_current_account", _this_account),
            # Its own verdict about bucket policies, which knows neither principals nor conditions.
            (s3_models.FakeBucket, "get_permission", _no_verdict),
            # A variable may switch on moto's own authorization.
            (settings, "INITIAL_NO_AUTH_ACTION_COUNT", float("inf")),
        ):
            self._patches.enter_context(mock.patch.object(owner, name, stand_in))
        self.clear()
        mock_random.seed(seed)

    def clear(self) -> None:
        """Forget everything."""
        base_backend.BackendDict.reset()
        model_instances.reset_model_data()

    def close(self) -> None:
        """Forget everything and give moto its own clock back."""
        self.clear()
        self._patches.close()

    @property
    def iam(self) -> Any:
        """Moto's IAM backend of the account."""
        return iam_models.iam_backends[ACCOUNT_ID]["aws"]

    def user(self, name: str) -> Any | None:
        """Return moto's user of a name, or None; IAM's names differ not only in case."""
        return self.iam.users.get(name)

    def users(self) -> Iterator[Any]:
        """Return moto's users."""
        yield from self.iam.users.values()

    def has_user(self, user: Any) -> bool:
        """Return whether a user still exists."""
        return self.iam.users.get(user.name) is user

    def key_of(self, access_key_id: str) -> tuple[Any, Any] | None:
        """Return the user and moto's key of a long-term access key id, or None."""
        for user in self.users():
            for key in user.access_keys:
                if key.access_key_id == access_key_id:
                    return user, key
        return None

    def replace_key(self, key: Any, access_key_id: str, secret_access_key: str) -> None:
        """Replace the id and secret that moto made up for an access key."""
        self.iam.access_keys.pop(key.access_key_id)
        key.access_key_id, key.secret_access_key = access_key_id, secret_access_key
        self.iam.access_keys[access_key_id] = key

    def role(self, name: str) -> Any | None:
        """Return moto's role of a name, or None."""
        return next(
            (candidate for candidate in self.iam.roles.values() if candidate.name == name), None
        )

    def role_by_arn(self, arn: str) -> Any | None:
        """Return moto's role of an ARN, or None."""
        return next(
            (candidate for candidate in self.iam.roles.values() if candidate.arn == arn), None
        )

    def has_role(self, role: Any) -> bool:
        """Return whether a role still exists."""
        return any(candidate is role for candidate in self.iam.roles.values())

    def policy(self, arn: str) -> Any | None:
        """Return moto's managed policy of an ARN, or None. One of AWS's is fetched if need be."""
        self.fetch_aws_policy(arn)
        return self.iam.managed_policies.get(arn)

    def fetch_aws_policy(self, arn: str) -> None:
        """Load one of AWS's managed policies; reading all of them would take a second."""
        found = re.fullmatch(r"arn:aws:iam::aws:policy/(?:[\w-]+/)*([\w+=,.@-]+)", arn)
        if found is None or arn in self.iam.managed_policies:
            return
        data = _aws_managed_policies().get(found[1])
        if data is not None:
            made = iam_models.AWSManagedPolicy.from_data(found[1], ACCOUNT_ID, "aws", data)
            if made.arn == arn:
                self.iam.managed_policies[arn] = made

    def fetch_all_aws_policies(self) -> None:
        """Load all of AWS's managed policies, for a call that lists them."""
        for name, data in _aws_managed_policies().items():
            made = iam_models.AWSManagedPolicy.from_data(name, ACCOUNT_ID, "aws", data)
            self.iam.managed_policies.setdefault(made.arn, made)

    def password_policy(self) -> Any | None:
        """Return moto's account password policy, or None where the default is in force."""
        return self.iam.account_password_policy

    def devices(self) -> dict[str, Any]:
        """Return moto's virtual MFA devices by serial number."""
        devices: dict[str, Any] = self.iam.virtual_mfa_devices
        return devices

    def alias(self) -> str | None:
        """Return the account's alias, or None."""
        return next(iter(self.iam.account_aliases), None)


def policy_error_message(document: str, *, is_trust_policy: bool = False) -> str:
    """Return IAM's message about what is wrong with a policy document, as moto has it."""
    validator = (
        policy_validation.IAMTrustPolicyDocumentValidator
        if is_trust_policy
        else policy_validation.IAMPolicyDocumentValidator
    )
    try:
        validator(document).validate()
    except ServiceException as error:
        return str(error.message)
    except Exception:  # moto's validator stumbles over values that no policy may have
        pass
    return "Syntax errors in policy."


def _this_account(_response: Any) -> str:
    return ACCOUNT_ID


def _no_verdict(_bucket: Any, _action: str, _resource: str) -> Any:
    return access_control.PermissionResult.NEUTRAL


class _NoValidator:
    """Stands in for moto's validators of policy documents, which refuse some that AWS accepts."""

    def __init__(self, document: str) -> None:
        self.document = document

    def validate(self) -> None:
        """Accept."""


@cache
def load_service(service: str) -> None:
    """Import a service's part of moto before its first call, isolated; it takes up to a second."""
    with isolated_imports():
        for part in ("models", "responses", "urls"):
            importlib.import_module(f"moto.{service}.{part}")
