"""Users, devices, codes, clocks, sessions, passwords and policies in random order.

The model is written down from the documentation, not from the account: it knows who may do what and
which code, password, key and session is good. After each step the account must agree; and a call
that was refused must have changed nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mfa_lab.account import Account, Keys, keys_of
from mfa_lab.account.operations.mfa_codes import step_at
from mfa_lab.account.phone import Authenticator
from mfa_lab.lesson.policies import stored_policy

NAMES = ("ann", "ben")
PASSWORDS = ("First-Pass-1", "Second-Pass-2", "Third-Pass-3")
FENCES = ("2021-05-13_article", "2021-05-13_article_weakened", "2022-11-23_multiple_mfa_devices")
ACCOUNT = "123456789012"
NOT_IN_ACCOUNT = "InvalidClientTokenId"

names = st.sampled_from(NAMES)
passwords = st.sampled_from(PASSWORDS)
fences = st.sampled_from((None, *FENCES))
steps = st.sampled_from([0, -1, 1, -2, 2])


@dataclass
class Session:
    keys: Keys
    user: int  # which making of the user: one that was deleted and made anew is another
    expires: float
    mfa: bool


@dataclass
class User:
    number: int
    fence: str | None = None
    administrator: bool = False
    password: str | None = None
    keys: list[Keys] = field(default_factory=list)
    active: bool = True
    device: Authenticator | None = None  # the one that is assigned
    spare: Authenticator | None = None  # made, not assigned
    used: set[int] = field(default_factory=set)


class AccountMachine(RuleBasedStateMachine):
    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.account = Account()
        self.admin = self.account.client("iam")
        self.users: dict[str, User] = {}
        self.made = 0
        self.sessions: list[Session] = []
        self.clients: dict[tuple[str, str], Any] = {}
        # Most of what can go wrong needs a user with a device: so there is one from the start.
        for name in NAMES:
            fence = data.draw(st.sampled_from(FENCES))
            self.make_user(name, fence, data.draw(st.booleans()), PASSWORDS[0])
        self.enrol(self.users["ann"], "ann")

    def enrol(self, user: User, name: str) -> None:
        """Give a user a device, as an administrator does."""
        made = self.admin.create_virtual_mfa_device(VirtualMFADeviceName=name)
        device = self.account.phone().scan(made["VirtualMFADevice"])
        first, second = device.two_codes()
        self.admin.enable_mfa_device(
            UserName=name,
            SerialNumber=device.serial_number,
            AuthenticationCode1=first,
            AuthenticationCode2=second,
        )
        step = step_at(self.account.clock.now())
        user.device, user.used = device, {step - 1, step}

    def teardown(self) -> None:
        if hasattr(self, "account"):
            self.account.close()

    # Short ways

    def now(self) -> float:
        return self.account.clock.now().timestamp()

    def client(self, service: str, keys: Keys) -> Any:
        known = (service, keys.access_key_id)
        if known not in self.clients:
            self.clients[known] = self.account.client(service, keys)
        return self.clients[known]

    def snapshot(self) -> str:
        """All that a refused call must leave as it is."""
        iam = self.account.state.iam
        shown = {
            name: [
                user.path, user.password, user.password_reset_required, sorted(user.mfa_devices),
                sorted(user.policies), sorted(user.managed_policies),
                [(key.access_key_id, key.status) for key in user.access_keys],
            ]
            for name, user in iam.users.items()
        }  # fmt: skip
        return json.dumps([shown, sorted(iam.virtual_mfa_devices)], sort_keys=True)

    def expect(self, wanted: str, call: Any, **parameters: Any) -> Any:
        before = self.snapshot()
        try:
            answer = call(**parameters)
            code = ""
        except ClientError as error:
            answer, code = None, error.response["Error"]["Code"]
            assert self.snapshot() == before, "a refused call changes nothing"
        assert code == wanted, f"{call.__name__} {parameters}: {code or 'allowed'}, not {wanted}"
        entry = self.account.record[-1]
        if not code:
            assert entry.verdict == "allow", "nothing is carried out without an allowed decision"
        return answer

    def permits(self, user: User, action: str, *, mfa: bool, device_name: str = "") -> bool:
        """What the policies' documentation says of the calling user's own things."""
        if user.fence is None:
            return user.administrator
        gates = {"CreateVirtualMFADevice", "EnableMFADevice", "GetUser", "ListMFADevices"}
        if user.fence == FENCES[1]:
            gates.add("ChangePassword")
        if not mfa and action not in gates:
            return False
        if user.administrator:
            return True
        if action == "CreateVirtualMFADevice" and user.fence != FENCES[2]:
            return device_name in self.users and self.users[device_name] is user
        if action == "DeleteVirtualMFADevice" and user.fence == FENCES[2]:
            return False
        return action not in ("ListUsers",)

    # What the administrator does

    @rule(name=names, fence=fences, administrator=st.booleans(), password=passwords)
    def make_user(self, name: str, fence: str | None, administrator: bool, password: str) -> None:
        if name in self.users:
            self.expect("EntityAlreadyExists", self.admin.create_user, UserName=name)
            return
        self.expect("", self.admin.create_user, UserName=name)
        self.made += 1
        user = self.users[name] = User(self.made, fence, administrator, password)
        if fence is not None:
            document = json.dumps(stored_policy(fence).document)
            made = self.admin.create_policy(
                PolicyName=f"fence-{self.made}", PolicyDocument=document
            )
            self.admin.attach_user_policy(UserName=name, PolicyArn=made["Policy"]["Arn"])
        if administrator:
            arn = "arn:aws:iam::aws:policy/AdministratorAccess"
            self.admin.attach_user_policy(UserName=name, PolicyArn=arn)
        self.admin.create_login_profile(UserName=name, Password=password)
        user.keys.append(keys_of(self.admin.create_access_key(UserName=name)["AccessKey"]))

    @precondition(lambda self: self.users)
    @rule(data=st.data())
    def delete_user(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.users)))
        user = self.users[name]
        self.expect("DeleteConflict", self.admin.delete_user, UserName=name)
        self.admin.delete_login_profile(UserName=name)
        for keys in user.keys:
            self.admin.delete_access_key(UserName=name, AccessKeyId=keys.access_key_id)
        if user.device is not None:
            serial = {"SerialNumber": user.device.serial_number}
            self.admin.deactivate_mfa_device(UserName=name, **serial)
            self.admin.delete_virtual_mfa_device(**serial)
        if user.spare is not None:
            self.admin.delete_virtual_mfa_device(SerialNumber=user.spare.serial_number)
        for policy in self.admin.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
            self.admin.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
        self.expect("", self.admin.delete_user, UserName=name)
        gone = self.users.pop(name)
        for keys in gone.keys:
            self.expect(NOT_IN_ACCOUNT, self.client("sts", keys).get_caller_identity)

    @precondition(lambda self: self.users)
    @rule(data=st.data(), active=st.booleans())
    def switch_key(self, data: st.DataObject, active: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.users)))
        user = self.users[name]
        status = "Active" if active else "Inactive"
        self.admin.update_access_key(
            UserName=name, AccessKeyId=user.keys[0].access_key_id, Status=status
        )
        user.active = active

    @rule(seconds=st.integers(1, 200))
    def wait(self, seconds: int) -> None:
        self.account.clock.advance(seconds=seconds)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def wait_for_the_end_of_a_session(self, data: st.DataObject) -> None:
        """Until a second before it, or until it."""
        session = data.draw(st.sampled_from(self.sessions))
        seconds = int(session.expires - self.now()) - data.draw(st.sampled_from([0, 1]))
        if seconds > 0:
            self.account.clock.advance(seconds=seconds)

    # What users do with their keys

    def draw_user(self, data: st.DataObject) -> tuple[str, User, Any]:
        name = data.draw(st.sampled_from(sorted(self.users)))
        user = self.users[name]
        return name, user, self.client("iam", user.keys[0])

    @precondition(lambda self: self.users)
    @rule(data=st.data(), old=passwords, new=passwords, with_mfa=st.booleans())
    def change_password(self, data: st.DataObject, old: str, new: str, with_mfa: bool) -> None:
        _, user, iam = self.draw_user(data)
        mfa = False
        if with_mfa:
            session = self.live_session(user, mfa=True)
            if session is None:
                return
            iam, mfa = self.client("iam", session.keys), True
        elif not user.active:
            self.expect(NOT_IN_ACCOUNT, iam.change_password, OldPassword=old, NewPassword=new)
            return
        right = old == user.password and self.permits(user, "ChangePassword", mfa=mfa)
        wanted = "" if right else "AccessDenied"
        self.expect(wanted, iam.change_password, OldPassword=old, NewPassword=new)
        if right:
            user.password = new

    @precondition(lambda self: self.users)
    @rule(data=st.data(), own_name=st.booleans())
    def make_device(self, data: st.DataObject, own_name: bool) -> None:
        name, user, iam = self.draw_user(data)
        device_name = name if own_name else f"{name}-phone"
        call = iam.create_virtual_mfa_device
        if not user.active:
            self.expect(NOT_IN_ACCOUNT, call, VirtualMFADeviceName=device_name)
            return
        if not self.permits(user, "CreateVirtualMFADevice", mfa=False, device_name=device_name):
            self.expect("AccessDenied", call, VirtualMFADeviceName=device_name)
            return
        there = {one.rpartition("/")[2] for one in self.account.state.devices()}
        if device_name in there:
            self.expect("EntityAlreadyExists", call, VirtualMFADeviceName=device_name)
            return
        if user.spare is not None:
            return
        made = self.expect("", call, VirtualMFADeviceName=device_name)
        user.spare = self.account.phone().scan(made["VirtualMFADevice"])

    @precondition(lambda self: self.users)
    @rule(data=st.data(), first=steps)
    def enable_device(self, data: st.DataObject, first: int) -> None:
        name, user, iam = self.draw_user(data)
        if user.spare is None:
            return
        device = user.spare
        codes = {
            "UserName": name,
            "SerialNumber": device.serial_number,
            "AuthenticationCode1": device.code(first),
            "AuthenticationCode2": device.code(first + 1),
        }
        if not user.active:
            self.expect(NOT_IN_ACCOUNT, iam.enable_mfa_device, **codes)
        elif user.device is not None or not self.permits(user, "EnableMFADevice", mfa=False):
            self.expect("AccessDenied", iam.enable_mfa_device, **codes)
        elif not -1 <= first + 1 <= 1:
            self.expect("InvalidAuthenticationCode", iam.enable_mfa_device, **codes)
        else:
            self.expect("", iam.enable_mfa_device, **codes)
            step = step_at(self.account.clock.now()) + first
            user.device, user.spare, user.used = device, None, {step, step + 1}

    @precondition(lambda self: self.users)
    @rule(data=st.data())
    def deactivate_by_keys(self, data: st.DataObject) -> None:
        name, user, iam = self.draw_user(data)
        if user.device is None:
            return
        serial = {"UserName": name, "SerialNumber": user.device.serial_number}
        wanted = "AccessDenied" if user.active else NOT_IN_ACCOUNT
        self.expect(wanted, iam.deactivate_mfa_device, **serial)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def deactivate_with_mfa(self, data: st.DataObject) -> None:
        name = data.draw(names)
        user = self.users.get(name)
        session = self.live_session(user, mfa=True) if user else None
        if user is None or session is None or user.device is None or user.spare is not None:
            return
        iam = self.client("iam", session.keys)
        serial = {"UserName": name, "SerialNumber": user.device.serial_number}
        if self.permits(user, "DeactivateMFADevice", mfa=True):
            self.expect("", iam.deactivate_mfa_device, **serial)
            user.device, user.spare = None, user.device
        else:
            self.expect("AccessDenied", iam.deactivate_mfa_device, **serial)

    # Sessions

    @precondition(lambda self: self.users)
    @rule(data=st.data(), step=steps, duration=st.sampled_from([900, 3600, 129600]))
    def session_with_code(self, data: st.DataObject, step: int, duration: int) -> None:
        _, user, _ = self.draw_user(data)
        sts = self.client("sts", user.keys[0])
        device = user.device or user.spare
        if device is None:
            return
        token = {"SerialNumber": device.serial_number, "TokenCode": device.code(step)}
        number = step_at(self.account.clock.now()) + step
        good = user.device is not None and abs(step) <= 1 and number not in user.used
        call = {**token, "DurationSeconds": duration}
        wanted = NOT_IN_ACCOUNT if not user.active else "" if good else "AccessDenied"
        answer = self.expect(wanted, sts.get_session_token, **call)
        if answer:
            user.used.add(number)
            self.remember(answer, user, duration, mfa=True)
            self.expect("AccessDenied", sts.get_session_token, **token)

    @precondition(lambda self: self.users)
    @rule(data=st.data())
    def session_without_code(self, data: st.DataObject) -> None:
        _, user, _ = self.draw_user(data)
        call = self.client("sts", user.keys[0]).get_session_token
        answer = self.expect("" if user.active else NOT_IN_ACCOUNT, call, DurationSeconds=900)
        if answer:
            self.remember(answer, user, 900, mfa=False)

    def remember(self, answer: Any, user: User, duration: int, *, mfa: bool) -> None:
        keys = keys_of(answer["Credentials"])
        self.sessions.append(Session(keys, user.number, self.now() + duration, mfa))

    def live_session(self, user: User, *, mfa: bool) -> Session | None:
        for session in self.sessions:
            if session.user == user.number and session.mfa == mfa and session.expires > self.now():
                return session
        return None

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def use_session(self, data: st.DataObject) -> None:
        session = data.draw(st.sampled_from(self.sessions))
        iam = self.client("iam", session.keys)
        user = next((one for one in self.users.values() if one.number == session.user), None)
        if user is None:
            wanted = NOT_IN_ACCOUNT
        elif session.expires <= self.now():
            wanted = "ExpiredToken"
        elif not session.mfa:
            wanted = NOT_IN_ACCOUNT
        else:
            wanted = "" if self.permits(user, "ListAccessKeys", mfa=True) else "AccessDenied"
        self.expect(wanted, iam.list_access_keys)

    # The console

    @rule(name=names, password=passwords, step=steps)
    def sign_in(self, name: str, password: str, step: int) -> None:
        user = self.users.get(name)
        device = user.device if user else None
        code = device.code(step) if device else None
        console = self.account.console()
        page = console.sign_in(name, password, code)
        right = user is not None and password == user.password
        if right and device is not None and user is not None:
            number = step_at(self.account.clock.now()) + step
            right = abs(step) <= 1 and number not in user.used
            if right:
                user.used.add(number)
        assert page.is_error is not right
        if right and user is not None:
            iam = console.client("iam")
            allowed = self.permits(user, "ListAccessKeys", mfa=device is not None)
            self.expect("" if allowed else "AccessDenied", iam.list_access_keys)
        console.sign_out()

    # Always

    @invariant()
    def the_account_agrees(self) -> None:
        if not hasattr(self, "account"):
            return
        for name, user in self.users.items():
            own = self.account.state.user(name)
            assert own is not None
            assert own.password == user.password
            wanted = [] if user.device is None else [user.device.serial_number]
            assert sorted(own.mfa_devices) == wanted
        assert set(self.account.state.iam.users) == {*self.users, "admin"}


AccountMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAccountMachine = AccountMachine.TestCase
