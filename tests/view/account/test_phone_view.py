"""The phone as a widget, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mfa_lab.account import Account
from mfa_lab.account.clock import Clock, RealClock
from mfa_lab.account.phone import Phone
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.account.phone_view import PhoneView, in_groups
from tests.view.markup import one, parsed, words

SEEDS = {"alice": b"ABCDEFGH" * 8, "spare": b"HGFEDCBA" * 8}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def with_devices(language: str = "en", *names: str, clock: Clock | None = None) -> PhoneView:
    phone = Phone(clock or Clock(), lambda: "example")
    for name in names:
        serial_number = f"arn:aws:iam::123456789012:mfa/{name}"
        phone.scan({"SerialNumber": serial_number, "Base32StringSeed": SEEDS[name]})
    return PhoneView(phone, language)


def html_of(view: PhoneView) -> str:
    data: dict[str, Any] = view._repr_mimebundle_()[0]
    return str(data["text/html"])


def test_each_device_with_its_code_and_what_is_left(language: str) -> None:
    view = with_devices(language, "alice", "spare")
    view.phone.clock.advance(seconds=12)
    view.refresh()
    rows = view.screen["rows"]
    assert [row["name"] for row in rows] == ["alice", "spare"]
    assert [row["code"] for row in rows] == [in_groups(view.code("alice")), in_groups(view.code())]
    assert {row["left"] for row in rows} == {say("phone_view.seconds", language, count=18)}
    assert view.screen["ticks"] is False
    assert "2021-06-11 09:00:12" in view.screen["clock"]


def test_a_code_stands_in_two_groups() -> None:
    assert in_groups("123456") == "123 456"


def test_one_second_is_one() -> None:
    view = with_devices("en", "alice", clock=Clock(datetime(2021, 6, 11, 9, 0, 29, tzinfo=UTC)))
    assert view.screen["rows"][0]["left"] == "1 second left"
    assert view.seconds[:3] == ["0 seconds left", "1 second left", "2 seconds left"]
    assert len(view.seconds) == 31


def test_waiting_for_the_next_code_moves_the_clock(language: str) -> None:
    view = with_devices(language, "alice", "spare")
    before, then = view.code("alice"), view.now
    view._receive(view, {"do": "next"}, [])
    assert (view.now - then).total_seconds() == 30
    codes = [row["code"] for row in view.screen["rows"]]
    assert in_groups(before) not in codes
    assert view.screen["says"] == f"alice {codes[0]}{say('trace.comma', language)}spare {codes[1]}"


@pytest.mark.parametrize(
    "junk", [None, [], "next", {}, {"do": None}, {"do": ["next"]}, {"do": "lose"}, {"next": 1}]
)
def test_a_message_that_the_page_does_not_send_does_nothing(junk: object) -> None:
    view = with_devices("en", "alice")
    before, then = view.screen, view.now
    view._receive(view, junk, [])
    assert (view.screen, view.now) == (before, then)


def test_without_a_device_nothing_waits(language: str) -> None:
    view = with_devices(language)
    then = view.now
    view._receive(view, {"do": "next"}, [])
    assert view.now == then
    assert say("phone_view.empty", language) in words(parsed(html_of(view)))
    with pytest.raises(LookupError) as caught:
        view.code()
    assert str(caught.value) == say("phone_view.no_device", language)


def test_the_clock_moved_elsewhere_shows_at_the_next_message() -> None:
    view = with_devices("en", "alice")
    before = view.screen["rows"][0]["code"]
    view.phone.clock.advance(minutes=5)
    assert view.screen["rows"][0]["code"] == before
    view._receive(view, {"do": "refresh"}, [])
    assert view.screen["rows"][0]["code"] == in_groups(view.code()) != before


def test_a_cell_that_waits_shows_too() -> None:
    view = with_devices("en", "alice")
    code = view.next_code()
    assert view.screen["rows"][0]["code"] == in_groups(code)
    view.lose()
    assert view.screen["rows"] == []


class OneMoment(RealClock):
    """A machine's clock that stands still, so that no test waits."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, 12, 0, 7, 500_000, tzinfo=UTC)


def test_on_the_machine_s_clock_the_page_counts_and_nobody_waits(language: str) -> None:
    view = with_devices(language, "alice", clock=OneMoment())
    assert view.screen["ticks"] is True
    assert view.screen["rows"][0]["seconds"] == 22.5
    assert view.screen["rows"][0]["left"] == say("phone_view.seconds", language, count=23)
    assert view.screen["clock"] == say("phone_view.real_clock", language)
    before = view.screen
    view._receive(view, {"do": "next"}, [])
    assert view.screen == before
    assert "12:00" not in html_of(view), "the machine's time is in no stored output"


def test_a_page_without_a_kernel_shows_the_phone_as_it_stands(language: str) -> None:
    with Account() as account:
        account.create_user("alice")
        view = PhoneView(account.phone(), language)
        made = account.client("iam").create_virtual_mfa_device(VirtualMFADeviceName="alice")
        view.phone.scan(made["VirtualMFADevice"])
        tree = parsed(html_of(view))
        assert words(one(tree, "li .device")) == "alice"
        assert words(one(tree, "li code")) == in_groups(view.code())
        assert words(one(tree, "li .left")) == say("phone_view.seconds", language, count=30)
        assert repr(view) == "<phone with 1 devices>"
        assert view.screen["rows"], "showing it makes it look at the phone again"
