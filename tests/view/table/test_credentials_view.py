"""What each kind of credentials says about MFA."""

from __future__ import annotations

import pytest

from mfa_lab.iam.credentials import KINDS, Caller
from mfa_lab.text import LANGUAGES, say
from mfa_lab.view.table.credentials_view import CredentialsView
from tests.view.markup import one, parsed, rows_of, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_credentials_says_its_value_and_how_sure_that_is(language: str) -> None:
    callers = tuple(map(Caller, KINDS.values()))
    html = CredentialsView(callers, language)._repr_html_()
    rows = parsed(html).select("tbody tr")
    assert len(rows) == len(KINDS)
    for kind, row in zip(KINDS.values(), rows, strict=True):
        label, value, sureness = row.select("th, td")
        assert words(label).startswith(say(f"credentials.{kind.name}", language))
        assert words(one(label, ".note")) == say(f"credentials_meaning.{kind.name}", language)
        present = kind.mfa.present or "absent"
        dagger = " †" if kind.open_points else ""
        assert words(one(value, "b")) == say(f"mfa_key.{present}", language) + dagger
        age = "age" if kind.mfa.present == "true" else "no_age"
        assert words(one(value, ".note")) == say(f"credentials_view.{age}", language)
        assert words(sureness) == say(f"sureness.{kind.sureness}", language)
        assert words(sureness).startswith("†") is bool(kind.open_points)


def test_the_three_values_in_words() -> None:
    callers = [
        Caller(KINDS[name]) for name in ("access_key", "console_without_mfa", "console_with_mfa")
    ]
    values = [row[1] for row in rows_of(CredentialsView(tuple(callers))._repr_html_())]
    assert values == [
        "absent aws:MultiFactorAuthAge is absent",
        '"false" aws:MultiFactorAuthAge is absent',
        '"true" aws:MultiFactorAuthAge is there too: seconds since the code',
    ]


def test_the_text_of_contexts_has_no_address() -> None:
    assert (
        repr(CredentialsView((Caller(KINDS["access_key"]),)))
        == "<MFA keys of 1 kinds of credentials>"
    )
