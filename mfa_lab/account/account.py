"""A simulated AWS account: users, policies, MFA and sessions that behave as AWS documents them."""

from __future__ import annotations

import shlex
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from functools import cache
from types import FrameType
from typing import Any, Final, Literal, TypeAlias, overload

import boto3
from botocore import handlers
from botocore.config import Config

from mfa_lab.account.aws_cli import AwsCli, CommandResult, find_aws_cli
from mfa_lab.account.boto3_handler import BeforeSendHandler
from mfa_lab.account.call.authenticated_call import AccountInternals, AccountSettings
from mfa_lab.account.call.gate import Gate
from mfa_lab.account.clock import Clock
from mfa_lab.account.console import Console
from mfa_lab.account.fault import NotServedError
from mfa_lab.account.http import HttpAnswer, HttpRequest
from mfa_lab.account.isolated_boto3 import isolated_session
from mfa_lab.account.issuer import LONG_TERM, Issuer
from mfa_lab.account.moto_state.state import ACCOUNT_ID, REGION, MotoState
from mfa_lab.account.operations.own_operations import OPERATIONS
from mfa_lab.account.phone import Phone
from mfa_lab.account.record import Record
from mfa_lab.account.server import Server
from mfa_lab.account.sessions import Keys, Sessions
from mfa_lab.iam.policy import Policy
from mfa_lab.text import say
from mfa_lab.text.spoken_error import SpokenError

ADMIN: Final = "admin"
_ADMINISTRATOR_ACCESS: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
_DEFAULT_SEED: Final = "mfa_lab"

_OF_KEYS: Final = frozenset({"AccessKeyId", "SecretAccessKey"})

Credentials: TypeAlias = "Keys | Mapping[str, Any] | None"

# Long enough to be none of the other options' beginnings; argparse takes any beginning for it.
_SHORTEST_ENDPOINT: Final = "--end"

_lock = threading.RLock()
_open: weakref.ref[Account] | None = None


class AccountError(SpokenError, RuntimeError):
    """An account cannot do what it is asked to.

    Attributes:
        code: Why: a key of the section `account_error` of the text catalogue.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(say(f"account_error.{code}", **values))


class Account:
    """A simulated AWS account with one user, `admin`, who may do everything.

    boto3 clients come from `client`; the AWS CLI runs by `cli`. Nothing leaves the machine, and
    the AWS credentials and settings of whoever runs it are neither read nor changed.

    moto's state is one per process, so there is one account at a time. It is a context manager,
    and a plain object: one that a cell of a notebook made, by itself, by a function of the
    notebook or by a lesson's check, ends when such a one makes the next, so that a cell can be
    run again. Anywhere else a second account is refused.

    Args:
        clock: The account's time. One that only a lesson moves by default; `RealClock()` for the
            machine's.
        seed: The same seed gives the same keys, ids and codes; None for the system's randomness.
        own_devices_need_mfa: Whether AWS's rule of April 2023 is in force: a user with a device
            needs an MFA session to change devices of the own user. False shows the time before.
        names_policies: Whether a refusal names the managed policy that denies, as AWS has done
            since 2026.
        scps: Service control policies that bear on everybody in the account, as if they were
            attached to it in an organization.

    Raises:
        AccountError: Another account is open in this process.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        seed: int | str | None = _DEFAULT_SEED,
        own_devices_need_mfa: bool = True,
        names_policies: bool = True,
        scps: Sequence[Policy] = (),
    ) -> None:
        self.clock = clock or Clock()
        self.seed = seed
        self._settings = AccountSettings(own_devices_need_mfa, names_policies, tuple(scps))
        self._is_open = False
        self.lock = threading.RLock()
        self._server: Server | None = None
        self._aws_cli: AwsCli | None = None
        self._is_entered = False
        self._is_of_a_cell = _is_of_a_cell(sys._getframe(1))
        _take_the_process(self)
        self._begin()

    def _begin(self) -> None:
        issuer = Issuer(self.seed)
        self.state = MotoState(self.clock, self.seed)
        # For an account that nobody holds any more and nobody closed.
        self._finalizer = weakref.finalize(self, self.state.close)
        self.record = Record()
        self.sessions = Sessions(issuer)
        self.internals = AccountInternals(
            self.state, self.sessions, self.clock, issuer, self.record, self._settings
        )
        self._gate = Gate(self.internals, OPERATIONS, self.lock)
        self._is_open = True
        self.admin = self._make_admin(issuer)

    def _make_admin(self, issuer: Issuer) -> Keys:
        """Make the first user, whom no call could make."""
        iam = self.state.iam
        user = iam.create_user(REGION, ADMIN, "/", [])
        user.id = issuer.unique_id("AIDA")
        self.state.fetch_aws_policy(_ADMINISTRATOR_ACCESS)
        iam.attach_user_policy(_ADMINISTRATOR_ACCESS, ADMIN)
        key = iam.create_access_key(ADMIN)
        self.state.replace_key(key, issuer.access_key_id(LONG_TERM), issuer.secret_access_key())
        return Keys(key.access_key_id, key.secret_access_key)

    @property
    def account_id(self) -> str:
        """Twelve digits."""
        return ACCOUNT_ID

    @property
    def region(self) -> str:
        """The region that clients use unless told otherwise."""
        return REGION

    @property
    def is_open(self) -> bool:
        """Whether calls are answered."""
        return self._is_open

    def require_open(self) -> None:
        """Check that calls are answered.

        Raises:
            AccountError: The account is closed.
        """
        if not self._is_open:
            raise AccountError("closed")

    def close(self) -> None:
        """End the account and forget all of it; may be called twice."""
        with _lock:
            if self._is_open:
                with self.lock:
                    self._is_open = False
                    self._finalizer()
                self._end_server()
            _leave_the_process(self)

    def reset(self) -> None:
        """Begin anew, as if the account had just been made; the clock stays where it is.

        Raises:
            AccountError: The account is closed.
        """
        with self.lock:
            self.require_open()
            self._finalizer()
            self._begin()

    def __enter__(self) -> Account:
        self._is_entered = True
        return self

    def __exit__(self, *_: object) -> None:
        self._is_entered = False
        self.close()

    def gives_way_to(self, other: Account) -> bool:
        """Return whether this account ends when another is made."""
        return self._is_of_a_cell and other._is_of_a_cell and not self._is_entered

    def __repr__(self) -> str:
        return f"<account {ACCOUNT_ID}, {'open' if self._is_open else 'closed'}>"

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer an HTTP request.

        Raises:
            AccountError: The account is closed.
            NotServedError: It has no such service or operation.
        """
        with self.lock:
            self.require_open()
            return self._gate.answer(request)

    def client(self, service: str, credentials: Credentials = None, **settings: Any) -> Any:
        """Return a boto3 client of this account.

        Args:
            service: Such as `iam`.
            credentials: Whose: `Keys`, or what an API answered as `AccessKey` or `Credentials`;
                the administrator's by default.
            settings: What else `boto3.client` takes, such as `region_name`.
        """
        keys = self._keys(credentials)
        if service == "s3" and "config" not in settings:
            # By itself boto3 signs addresses in a way that S3 has ceased to take.
            settings["config"] = Config(signature_version="s3v4")
        with _lock:  # a session makes one client at a time
            client = _session().client(service, **{**keys.for_boto3(), **settings})
        client.meta.events.unregister("before-send", _refuse_others)
        client.meta.events.register_first("before-send", BeforeSendHandler(self.answer))
        return client

    @property
    def endpoint_url(self) -> str:
        """Address on loopback at which the account answers HTTP, from the first use on.

        Raises:
            AccountError: The account is closed, or this Python can serve nothing.
        """
        self.require_open()
        with _lock:
            if self._server is None:
                try:
                    self._server = Server(self.answer)
                except (OSError, RuntimeError) as error:  # in a browser there are no threads
                    raise AccountError("no_server", reason=error) from None
            return self._server.endpoint_url

    def _end_server(self) -> None:
        if self._aws_cli is not None:
            self._aws_cli.close()
        if self._server is not None:
            self._server.close()
        self._aws_cli = self._server = None

    def cli(self, command: str, credentials: Credentials = None) -> CommandResult:
        """Run the real AWS CLI against this account.

        Args:
            command: What is typed after `aws`, such as `iam list-users`.
            credentials: Whose, as for `client`.

        Raises:
            AccountError: There is no AWS CLI, the command names another endpoint, a quotation
                mark in it is not closed, or it does not end.
        """
        try:
            arguments = shlex.split(command)
        except ValueError:
            raise AccountError("open_quotation") from None
        if arguments[:1] == ["aws"]:
            del arguments[0]
        if any(map(_names_an_endpoint, arguments)):
            raise AccountError("endpoint_is_fixed")
        program = find_aws_cli()
        if program is None:
            raise AccountError("no_aws_cli")
        with _lock:
            if self._aws_cli is None:
                self._aws_cli = AwsCli(program, self.endpoint_url, REGION)
        try:
            return self._aws_cli.run(arguments, self._keys(credentials))
        except subprocess.TimeoutExpired as error:
            raise AccountError("aws_cli_too_slow", seconds=f"{error.timeout:.0f}") from None

    def _keys(self, credentials: Credentials) -> Keys:
        return self.admin if credentials is None else keys_of(credentials)

    def phone(self) -> Phone:
        """Return a phone with an authenticator app, whose codes follow the account's clock."""
        return Phone(self.clock, lambda: self.state.alias() or ACCOUNT_ID)

    def console(self, language: str = "en") -> Console:
        """Return a console to sign in at.

        Args:
            language: `en` or `ja`.
        """
        return Console(self, language)

    @overload
    def create_user(
        self, name: str, *policies: Policy | Mapping[str, Any], path: str = ...,
        password: str | None = ..., reset: bool = ...,
        keys: Literal[True] = ...,
    ) -> Keys: ...  # fmt: skip
    @overload
    def create_user(
        self, name: str, *policies: Policy | Mapping[str, Any], path: str = ...,
        password: str | None = ..., reset: bool = ...,
        keys: Literal[False],
    ) -> None: ...  # fmt: skip
    def create_user(
        self,
        name: str,
        *policies: Policy | Mapping[str, Any],
        path: str = "/",
        password: str | None = None,
        reset: bool = False,
        keys: bool = True,
    ) -> Keys | None:
        """Make a user with policies and an access key, as the administrator.

        Args:
            name: The user's name.
            policies: To be attached as managed policies, named after the user; a policy or its JSON
                values each.
            path: The user's path, which begins and ends with a slash.
            password: For the console; None for no password.
            reset: Whether the user must create a new password at the next sign-in.
            keys: Whether to make an access key, which the administrator then has seen.
        """
        iam = self.client("iam")
        iam.create_user(UserName=name, Path=path)
        for number, given in enumerate(policies, 1):
            policy = given if isinstance(given, Policy) else Policy.parse(given)
            document = policy.to_json()
            made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=document)
            iam.attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
        if password is not None:
            iam.create_login_profile(UserName=name, Password=password, PasswordResetRequired=reset)
        return keys_of(iam.create_access_key(UserName=name)["AccessKey"]) if keys else None


def _names_an_endpoint(argument: str) -> bool:
    option = argument.partition("=")[0]
    return option.startswith(_SHORTEST_ENDPOINT) and "--endpoint-url".startswith(option)


def keys_of(credentials: Keys | Mapping[str, Any]) -> Keys:
    """Return the keys in what IAM answers as `AccessKey`, or STS as `Credentials`.

    Raises:
        AccountError: There are none in it.
    """
    if isinstance(credentials, Keys):
        return credentials
    if not isinstance(credentials, Mapping) or not credentials.keys() >= _OF_KEYS:
        raise AccountError("no_keys")
    return Keys(
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        credentials.get("SessionToken"),
    )


@cache
def _session() -> boto3.Session:
    """Return the session that makes every client: half of the time of a client is its session."""
    return isolated_session(region_name=REGION)


def _refuse_others(**_: Any) -> None:
    """Stop a client that boto3 made without the account: it would call the real AWS.

    Raises:
        AccountError: An account is open.
    """
    account = _open() if _open is not None else None
    if account is not None and account.is_open:
        raise AccountError("not_a_client_of_the_account")


# Whatever client is made from here on in this process; those of the account do without it.
handlers.BUILTIN_HANDLERS.append(("before-send", _refuse_others))


def _is_of_a_cell(frame: FrameType) -> bool:
    """Return whether a cell makes an account: directly, by its own function, or by a lesson."""
    module = str(frame.f_globals.get("__name__", ""))
    # The code of a module, as that of a cell, stands in no function.
    is_of_a_lesson = module.startswith("mfa_lab.lesson.")
    return module == "__main__" or is_of_a_lesson or frame.f_code.co_name == "<module>"


def open_account() -> Account:
    """Return the account that is open in this process.

    Raises:
        AccountError: There is none.
    """
    account = _open() if _open is not None else None
    if account is None or not account.is_open:
        raise AccountError("none_is_open")
    return account


def _take_the_process(account: Account) -> None:
    """Make an account the one of this process."""
    global _open
    with _lock:
        other = _open() if _open is not None else None
        if other is not None and other.is_open:
            if not other.gives_way_to(account):
                raise AccountError("second")
            other.close()
        _open = weakref.ref(account)


def _leave_the_process(account: Account) -> None:
    global _open
    if _open is not None and _open() is account:
        _open = None


__all__ = ["ADMIN", "Account", "AccountError", "Keys", "NotServedError", "keys_of", "open_account"]
