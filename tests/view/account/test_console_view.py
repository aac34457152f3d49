"""The console as a widget, without a browser: what its page asks for, says and never keeps."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from mfa_lab.account import Account
from mfa_lab.account.console import SignInState
from mfa_lab.lesson.policies import stored_policy
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.account.console_page import PageView
from mfa_lab.view.account.console_view import ConsoleView
from mfa_lab.view.account.phone_view import PhoneView
from tests.view.markup import one, parsed, words

OLD, NEW = "Old-Pass-1", "New-Pass-2"
ARTICLE, WEAKENED = "2021-05-13_article", "2021-05-13_article_weakened"
OWN_DEVICE = "arn:aws:iam::123456789012:mfa/alice"


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as one:
        yield one


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def of_alice(
    account: Account, language: str = "en", *, policy: str = ARTICLE, reset: bool = False
) -> ConsoleView:
    account.create_user("alice", stored_policy(policy), password=OLD, reset=reset)
    return ConsoleView(account, language, PhoneView(account.phone(), language))


def send(view: ConsoleView, form: str, *, value: str = "", **fields: Any) -> dict[str, Any]:
    """What the page sends when a form of it is submitted; gives the page that comes back."""
    content = {"do": form, "value": value, "fields": fields, "page": view.page["number"]}
    # Not by way of ipywidgets, which keeps exceptions to itself.
    view._receive(view, content, [])
    return view.page


def form_names(view: ConsoleView) -> list[str]:
    return [form["name"] for form in view.page["forms"]]


def sign_in(view: ConsoleView) -> dict[str, Any]:
    return send(view, "sign_in", user_name="alice", password=OLD)


def phone_of(view: ConsoleView) -> PhoneView:
    assert view.phone is not None
    return view.phone


def enrol(view: ConsoleView) -> None:
    send(view, "begin_device")
    send(view, "scan_device")
    first = phone_of(view).code()
    second = phone_of(view).next_code()
    send(view, "finish_device", first_code=first, second_code=second)


# The article's ways, by the page.


def test_the_dead_end(account: Account, language: str) -> None:
    view = of_alice(account, language, reset=True)
    page = sign_in(view)
    assert page["message"] == say("console.give_new_password", language)
    assert form_names(view) == ["change_forced_password", "sign_out"]
    assert page["focus"] == ["change_forced_password", "old_password"]
    page = send(
        view,
        "change_forced_password",
        old_password=OLD,
        new_password=NEW,
        new_password_again=NEW,
    )
    assert page["message"] == say("console.change_password_failed", language)
    assert (page["is_error"], page["tone"], page["symbol"], page["focus"]) == (
        True, "explicit_deny", "✕", [],
    )  # fmt: skip
    [call] = page["calls"]
    assert (call["action"], call["face"], call["error"], call["has_reason"]) == (
        "iam:ChangePassword", "explicit_deny", "AccessDenied", True,
    )  # fmt: skip
    assert call["word"] == say("face.explicit_deny", language)


def test_the_documented_way(account: Account, language: str) -> None:
    view = of_alice(account, language)
    page = sign_in(view)
    assert say("credentials.console_without_mfa", language) in page["user"]
    page = send(view, "begin_device", name="")
    assert form_names(view) == ["scan_device", "finish_device", "cancel_device"]
    assert page["focus"] == ["scan_device", ""]
    assert page["picture"]["words"] == say("console_view.qr_code", language, name="alice")
    png = b64decode(page["picture"]["source"].removeprefix("data:image/png;base64,"))
    assert png.startswith(b"\x89PNG")
    page = send(view, "scan_device")
    assert page["message"] == say("console_view.scanned", language, name="alice")
    assert phone_of(view).device().seed == page["picture"]["secret"]
    assert [row["name"] for row in phone_of(view).screen["rows"]] == ["alice"]
    first = phone_of(view).code()
    second = phone_of(view).next_code()
    page = send(view, "finish_device", first_code=first, second_code=f"{second[:3]} {second[3:]}")
    assert page["message"] == say("console.device_enrolled", language)
    assert page["picture"] is None
    send(view, "sign_out")
    assert sign_in(view)["focus"] == ["give_code", "code"]
    page = send(view, "give_code", code=phone_of(view).next_code())
    assert say("credentials.console_with_mfa", language) in page["user"]
    page = send(view, "change_password", old_password=OLD, new_password=NEW, new_password_again=NEW)
    assert page["message"] == say("console.password_changed", language)
    assert [call["face"] for call in page["calls"]] == ["allow"]


def test_devices_are_listed_and_removed(account: Account) -> None:
    view = of_alice(account)
    sign_in(view)
    page = send(view, "list_devices")
    assert page["message"] == "You have no MFA device."
    assert [call["action"] for call in page["calls"]] == ["iam:ListMFADevices"]
    enrol(view)
    removing = [form for form in view.page["forms"] if form["name"] == "remove_device"]
    assert [form["value"] for form in removing] == [OWN_DEVICE]
    assert removing[0]["spoken"] == "Remove the MFA device alice"
    page = send(view, "remove_device", value=OWN_DEVICE)
    assert page["message"].startswith("To complete this action")
    view.sign_in("alice", OLD, phone_of(view).next_code())
    assert "remove_device" not in form_names(view), "a new session has listed nothing yet"
    send(view, "list_devices")
    page = send(view, "remove_device", value=OWN_DEVICE)
    assert (page["message"], "remove_device" in form_names(view)) == (
        "The MFA device is removed.", False,
    )  # fmt: skip


def test_cancelling_says_that_the_device_stays(account: Account, language: str) -> None:
    view = of_alice(account, language)
    sign_in(view)
    send(view, "begin_device")
    page = send(view, "cancel_device")
    assert page["message"] == say("console.device_left", language, name="alice")
    assert page["picture"] is None and page["calls"] == []
    page = send(view, "begin_device")
    assert page["is_error"] and "already exists" in page["message"]


def test_without_a_phone_there_is_nothing_to_scan_with(account: Account) -> None:
    account.create_user("alice", stored_policy(ARTICLE), password=OLD)
    view = ConsoleView(account)
    view.sign_in("alice", OLD)
    view.begin_device()
    assert form_names(view) == ["finish_device", "cancel_device"]
    with pytest.raises(LookupError, match="no phone"):
        view.scan_device()
    view.phone = PhoneView(account.phone())
    assert form_names(view)[0] == "scan_device"
    view.scan_device()
    assert form_names(view) == ["finish_device", "cancel_device"]


# What is not sent.


@pytest.mark.parametrize(
    ("form", "fields", "code"),
    [
        ("sign_in", {"user_name": " ", "password": OLD}, "fill_in"),
        ("sign_in", {"user_name": "alice", "password": ""}, "fill_in"),
        ("sign_in", {"user_name": "alice"}, "fill_in"),
        ("sign_in", {"user_name": ["alice"], "password": {"a": 1}}, "fill_in"),
    ],
)
def test_a_form_with_an_empty_box(
    account: Account, language: str, form: str, fields: dict[str, Any], code: str
) -> None:
    view = of_alice(account, language)
    count = len(account.record)
    page = send(view, form, **fields)
    assert (page["is_error"], page["message"]) == (True, say(f"console_view.{code}", language))
    assert len(account.record) == count and form_names(view) == ["sign_in"]


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "12345６7", "-12345", "१२३४५६"])
def test_a_code_that_is_none(account: Account, language: str, code: str) -> None:
    view = of_alice(account, language)
    sign_in(view)
    enrol(view)
    send(view, "sign_out")
    sign_in(view)
    page = send(view, "give_code", code=code)
    assert page["message"] == say("console_view.code_has_six_digits", language)
    assert view.console.sign_in_state is SignInState.ASKED_FOR_CODE, "the code may be typed again"


def test_a_code_in_full_width_digits_with_spaces(account: Account) -> None:
    view = of_alice(account)
    sign_in(view)
    enrol(view)
    send(view, "sign_out")
    sign_in(view)
    wide = phone_of(view).next_code().translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert not send(view, "give_code", code=f" {wide[:3]}　{wide[3:]} ")["is_error"]


def test_the_new_password_typed_differently(account: Account, language: str) -> None:
    view = of_alice(account, language, policy=WEAKENED, reset=True)
    sign_in(view)
    page = send(
        view,
        "change_forced_password",
        old_password=OLD,
        new_password=NEW,
        new_password_again=f"{NEW} ",
    )
    assert page["message"] == say("console_view.passwords_differ", language)
    assert page["calls"] == []
    assert (
        account.console().sign_in("alice", OLD).sign_in_state is SignInState.ASKED_FOR_NEW_PASSWORD
    )


def test_half_a_surrogate_pair_is_a_wrong_password(account: Account) -> None:
    view = of_alice(account)
    page = send(view, "sign_in", user_name="alice", password="\ude00")
    assert page["message"] == say("console.sign_in_failed")


@pytest.mark.parametrize(
    "junk",
    [
        None, [], "sign_in", {}, {"do": "sign_in"}, {"do": None, "value": "", "fields": {}, "page": 1},
        {"do": "give_code", "value": "", "fields": {"code": "123456"}, "page": 1},
        {"do": "client", "value": "", "fields": {}, "page": 1},
        {"do": "sign_in", "value": OWN_DEVICE, "fields": {}, "page": 1},
        {"do": "remove_device", "value": OWN_DEVICE, "fields": {}, "page": 1},
        {"do": "sign_in", "value": "", "fields": [], "page": 1},
        {"do": "sign_in", "value": "", "fields": {"user_name": "alice", "password": OLD}},
        {"do": "sign_in", "value": "", "fields": {"user_name": "alice", "password": OLD}, "page": "1"},
        {"do": "sign_in", "value": "", "fields": {"user_name": "alice", "password": OLD}, "page": 0},
        {"why": 1}, {"why": "1"}, {"why": None}, {"why": -1},
    ],
)  # fmt: skip
def test_a_message_that_the_page_does_not_send_does_nothing(account: Account, junk: object) -> None:
    view = of_alice(account)
    before = dict(view.page)
    assert before["number"] == 1
    view._receive(view, junk, [])
    assert (view.page, view.console.sign_in_state, view.opened) == (
        before,
        SignInState.SIGNED_OUT,
        0,
    )


def test_a_form_sent_twice_is_done_once(account: Account) -> None:
    view = of_alice(account)
    sent = {
        "do": "sign_in",
        "value": "",
        "fields": {"user_name": "alice", "password": OLD},
        "page": view.page["number"],
    }
    view._receive(view, sent, [])
    calls, page = len(account.record), view.page
    view._receive(view, sent, [])
    assert (len(account.record), view.page) == (calls, page)


# Kept in step, and kept secret.


def test_what_a_cell_does_the_page_shows(account: Account) -> None:
    view = of_alice(account)
    shown = view.sign_in("alice", OLD)
    assert isinstance(shown, PageView)
    assert (view.page["message"], view.page["is_error"]) == (shown.page.message, False)
    assert "change_password" in form_names(view)
    view.enrol_device(phone_of(view))
    assert [row["name"] for row in phone_of(view).screen["rows"]] == ["alice"]
    view.sign_out()
    assert form_names(view) == ["sign_in"]


def test_another_phone_than_the_console_s_own_shows_its_new_device_too(account: Account) -> None:
    view = of_alice(account)
    view.sign_in("alice", OLD)
    other = PhoneView(account.phone())
    view.enrol_device(other)
    assert [row["name"] for row in other.screen["rows"]] == ["alice"]
    assert phone_of(view).screen["rows"] == []


def state_of(view: ConsoleView) -> str:
    return json.dumps(view.get_state(), default=str) + view.fragment() + repr(view)


def test_no_password_and_no_code_is_in_state_html_text_or_record(account: Account) -> None:
    view = of_alice(account, policy=WEAKENED, reset=True)
    seen = [state_of(view)]
    secrets = [OLD, NEW, "Wrong-Pass-3"]

    def step(form: str, **fields: str) -> None:
        page = send(view, form, **fields)
        assert page["message"]
        seen.append(state_of(view))

    step("sign_in", user_name="alice", password="Wrong-Pass-3")
    step("sign_in", user_name="alice", password=OLD)
    changed = {"new_password": NEW, "new_password_again": NEW}
    step("change_forced_password", old_password="Wrong-Pass-3", **changed)
    step("change_forced_password", old_password=OLD, **changed)
    step("begin_device", name="")
    seed = view.page["picture"]["secret"]
    assert seed not in view.fragment() + repr(view) + repr(view.console.new_device)
    seen.pop()  # while the QR code is shown, the page's state has it
    send(view, "scan_device")
    first, second = phone_of(view).code(), phone_of(view).next_code()
    secrets += [seed, first, second]
    step("finish_device", first_code=first, second_code=second)
    step("sign_out")
    step("sign_in", user_name="alice", password=NEW)
    secrets.append(phone_of(view).next_code())
    step("give_code", code=secrets[-1])
    seen.append("".join(map(repr, account.record)))
    for text in seen:
        assert not [secret for secret in secrets if secret in text]


# Why.


def test_the_reason_of_a_call_opens_and_closes(account: Account, language: str) -> None:
    view = of_alice(account, language, reset=True)
    sign_in(view)
    view.change_forced_password(OLD, NEW)
    number = int(view.page["calls"][0]["number"])
    view._receive(view, {"why": number}, [])
    assert view.opened == number
    assert "DenyAllExceptListedIfNoMFA" in view.trace
    view._receive(view, {"why": number}, [])
    assert (view.opened, view.trace) == (0, "")
    view.show_why(number)
    sign_in_again = send(view, "sign_out")
    assert (view.opened, view.trace, sign_in_again["calls"]) == (0, "", [])
    with pytest.raises(LookupError):
        view.show_why(number)


def test_a_sign_in_has_no_reason(account: Account) -> None:
    view = of_alice(account)
    [call] = sign_in(view)["calls"]
    assert (call["action"], call["has_reason"], call["word"]) == ("signin:ConsoleLogin", False, "")


# The account is gone.


@pytest.mark.parametrize("form", ["sign_in", "list_devices", "give_code"])
def test_an_account_that_was_closed_is_said_in_a_sentence(
    account: Account, language: str, form: str
) -> None:
    view = of_alice(account, language)
    if form != "sign_in":
        sign_in(view)
    if form == "give_code":
        enrol(view)
        send(view, "sign_out")
        sign_in(view)
    account.close()
    page = send(view, form, user_name="alice", password=OLD, code="123456")
    assert (page["is_error"], page["message"]) == (True, say("account_error.closed", language))


def test_what_the_page_no_longer_offers_is_said_in_a_sentence(
    account: Account, language: str
) -> None:
    view = of_alice(account, language)
    sign_in(view)
    view.console.sign_out()  # behind the page's back
    page = send(view, "list_devices")
    assert page["message"] == say("console_error.not_signed_in", language)


# Where no widget can run.


def html_of(view: ConsoleView) -> str:
    data: dict[str, Any] = view._repr_mimebundle_()[0]
    return str(data["text/html"])


def test_a_page_without_a_kernel_shows_labels_boxes_message_and_calls(
    account: Account, language: str
) -> None:
    view = of_alice(account, language, reset=True)
    tree = parsed(html_of(view))
    assert [words(label) for label in tree.select("dt")] == [
        say("console_form.user_name", language), say("console_form.password", language),
    ]  # fmt: skip
    assert len(tree.select(".box")) == 2
    assert words(one(tree, ".button")) == say("console_form.sign_in", language)
    assert say("console_view.simulation", language) in words(tree)
    sign_in(view)
    view.change_forced_password(OLD, NEW)
    tree = parsed(html_of(view))
    assert words(one(tree, ".message")) == f"✕ {say('console.change_password_failed', language)}"
    assert words(tree.select("tbody code")[0]) == "iam:ChangePassword"
    assert repr(view) == "<console, asked_for_new_password>"


def test_the_face_without_a_kernel_is_the_same_each_time() -> None:
    faces = []
    for _ in range(2):
        with Account() as account:
            view = of_alice(account)
            sign_in(view)
            send(view, "begin_device")
            faces.append(html_of(view))
    assert faces[0] == faces[1]
    assert say("console_view.not_shown_here", name="alice") in words(parsed(faces[0]))
