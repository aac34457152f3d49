"""What the console's page asks for where the user stands: forms, fields and buttons in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from unicodedata import normalize

from mfa_lab.account.console import Console, SignInState
from mfa_lab.text import say

FieldKind = Literal["text", "password", "code"]

DIGITS_OF_A_CODE: Final = 6


@dataclass(frozen=True, slots=True)
class Field:
    """A box to type into.

    Args:
        name: What the form calls it.
        label: What stands over it.
        kind: What is typed: plain text, a password or an MFA code.
        note: What stands below it; may be empty.
        is_optional: Whether it may stay empty.
        stays: Whether what was typed stays after the form has done its work.
    """

    name: str
    label: str
    kind: FieldKind = "text"
    note: str = ""
    is_optional: bool = False
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Boxes and the button that sends them; without boxes, a button.

    Args:
        name: What is to be done.
        button: What the button says.
        fields: The boxes.
        title: What stands over the form; may be empty.
        value: To what it is done, such as a serial number; may be empty.
        spoken: What the button is called where its words do not tell to what it is done.
        is_main: Whether the page is about this form.
    """

    name: str
    button: str
    fields: tuple[Field, ...] = ()
    title: str = ""
    value: str = ""
    spoken: str = ""
    is_main: bool = False


def forms_of(console: Console, *, can_scan: bool) -> tuple[Form, ...]:
    """Return the forms of the page on which a console stands.

    Args:
        console: The console.
        can_scan: Whether there is a simulated phone that can scan the QR code on the page.
    """
    forms = _Forms(console.language)
    match console.sign_in_state:
        case SignInState.SIGNED_OUT:
            return (forms.sign_in(),)
        case SignInState.ASKED_FOR_CODE:
            return (forms.give_code(), forms.button("sign_out", "leave"))
        case SignInState.ASKED_FOR_NEW_PASSWORD:
            return (forms.new_password("change_forced_password"), forms.button("sign_out", "leave"))
        case SignInState.SIGNED_IN if console.new_device is not None:
            scan = (forms.button("scan_device", is_main=True),) if can_scan else ()
            return (*scan, forms.two_codes(), forms.button("cancel_device"))
        case SignInState.SIGNED_IN:
            return (
                forms.button("sign_out"),
                forms.new_password("change_password"),
                forms.button("list_devices", title=forms.say("devices")),
                *map(forms.remove_device, console.devices or ()),
                forms.new_device(console.user_name),
            )


class _Forms:
    """The forms in a language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def say(self, key: str, /, **values: object) -> str:
        return say(f"console_form.{key}", self._language, **values)

    def sign_in(self) -> Form:
        fields = (
            Field("user_name", self.say("user_name"), stays=True),
            Field("password", self.say("password"), "password"),
        )
        return Form("sign_in", self.say("sign_in"), fields, is_main=True)

    def give_code(self) -> Form:
        fields = (Field("code", self.say("code"), "code"),)
        return Form("give_code", self.say("give_code"), fields, is_main=True)

    def new_password(self, name: str) -> Form:
        fields = tuple(
            Field(name, self.say(name), "password")
            for name in ("old_password", "new_password", "new_password_again")
        )
        is_forced = name == "change_forced_password"
        title = "" if is_forced else self.say("own_password")
        return Form(name, self.say("change_password"), fields, title, is_main=is_forced)

    def new_device(self, user_name: str) -> Form:
        note = self.say("device_name_note", user=user_name)
        field = Field("name", self.say("device_name"), note=note, is_optional=True)
        return Form("begin_device", self.say("begin_device"), (field,))

    def two_codes(self) -> Form:
        fields = tuple(
            Field(name, self.say(name), "code") for name in ("first_code", "second_code")
        )
        return Form("finish_device", self.say("finish_device"), fields, is_main=True)

    def remove_device(self, serial_number: str) -> Form:
        name = serial_number.rpartition("/")[2]
        spoken = self.say("remove_named_device", name=name)
        return Form("remove_device", self.say("remove_device"), value=serial_number, spoken=spoken)

    def button(self, name: str, words: str = "", *, title: str = "", is_main: bool = False) -> Form:
        return Form(name, self.say(words or name), title=title, is_main=is_main)


class NotSentError(ValueError):
    """A form is not filled in so that it could be sent.

    Attributes:
        code: Why: a key of the section `console_view` of the text catalogue.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(say(f"console_view.{code}"))


def typed_into(form: Form, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed into each box of a form, codes without the spaces between them.

    Args:
        form: The form.
        fields: What came from the page, by the names of the boxes.

    Raises:
        NotSentError: A box is empty that must not be, a code has not six digits, or the new
            password was not typed the same twice.
    """
    typed = {field.name: _cleaned(field, fields.get(field.name)) for field in form.fields}
    for field in form.fields:
        text = typed[field.name]
        if not text and not field.is_optional:
            raise NotSentError("fill_in")
        if field.kind == "code" and not _is_code(text):
            raise NotSentError("code_has_six_digits")
    if "new_password_again" in typed and typed.pop("new_password_again") != typed["new_password"]:
        raise NotSentError("passwords_differ")
    return typed


def _is_code(text: str) -> bool:
    return len(text) == DIGITS_OF_A_CODE and text.isascii() and text.isdigit()


def _cleaned(field: Field, typed: Any) -> str:
    # A page can send half of a surrogate pair, which no encoding takes.
    text = typed.encode("utf-8", "replace").decode() if isinstance(typed, str) else ""
    if field.kind == "password":
        return text
    if field.kind == "code":  # may be typed in groups, and in Japanese full-width digits
        return "".join(normalize("NFKC", text).split())
    return text.strip()
