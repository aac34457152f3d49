"""Texts that are no JSON: the cause, the place, and a sentence in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Policy, PolicyError
from mfa_lab.iam.parsing.mistakes import Mistake
from mfa_lab.text import catalogue

POLICIES = Path(__file__).resolve().parents[3] / "data" / "policies"
ARTICLE = (POLICIES / "2021-05-13_article.json").read_text("utf-8")


def mistake_in(text: str) -> Mistake:
    with pytest.raises(PolicyError) as raised:
        Policy.parse(text)
    (mistake,) = raised.value.mistakes
    return mistake


# § stands where the mistake is to be found.
# fmt: off
BROKEN = [
    # code, text, what the sentence names
    ("json_empty",              "§", []),
    ("json_empty",              "§ \n\t", []),
    ("json_comment",            '{§// why\n"Version": 1}', []),
    ("json_comment",            '{"Version": 1 §/* why */}', []),
    ("json_comment",            '{\n  §# why\n"Version": 1}', []),
    ("json_comment",            '{"Version": 1} §// why', []),
    ("json_typographic_quotes", "{§“Version”: 1}", ["““”"]),
    ("json_typographic_quotes", '{"Version": §”2012-10-17”}', ["“””"]),
    ("json_typographic_quotes", '{"Version": §「2012-10-17」}', ["“「”"]),
    ("json_single_quotes",      "{§'Version': 1}", []),
    ("json_single_quotes",      "{\"Version\": §'2012-10-17'}", []),
    ("json_unclosed_text",      '{"Version": §"2012-10-17}', []),
    ("json_line_break",         '{"Version": "2012§\n-10-17"}', []),
    ("json_line_break",         '{"Version": "2012§\t"}', []),
    ("json_bad_escape",         '{"Version": "C:§\\Users"}', []),
    ("json_bad_escape",         '{"Version": "§\\u12"}', []),
    ("json_after_end",          '{"Version": "2012-10-17"}\n§{"Statement": []}', []),
    ("json_after_end",          "{}§}", []),
    ("json_trailing_comma",     '{"Version": "2012-10-17"§,\n}', []),
    ("json_trailing_comma",     '{"Statement": [1, 2§, ]}', []),
    ("json_wrong_bracket",      '{\n"Statement": [\n1, 2§}', ["“}”", "“[”", "2"]),
    ("json_wrong_bracket",      '{"Version": 1§]', ["“]”", "“{”", "1"]),
    ("json_unclosed",           '{"Version":\n 1§', ["“{”", "1"]),
    ("json_unclosed",           '{"Version": 1,\n"Statement": [{"Sid": "}]"},§', ["“[”", "2"]),
    ("json_unclosed",           '{"Version": §', ["“{”"]),
    ("json_missing_colon",      '{"Version" §"2012-10-17"}', []),
    ("json_missing_comma",      '{"Version": "2012-10-17" §"Statement": []}', []),
    ("json_missing_comma",      '{"Statement": [{}\n§{}]}', []),
    ("json_bare_word",          '{"Version": "1",\n "Statement": §nothing}', ["“nothing”"]),
    ("json_bare_word",          '{"a": §True}', ["“True”"]),
    ("json_bare_word",          "{§Version: 1}", ["“Version”"]),
    ("json_bare_word",          '{"NaN": "NaN", "a": §NaN}', ["“NaN”"]),
    ("json_bare_word",          '{"a": §-Infinity}', ["“-Infinity”"]),
    ("json_typographic_quotes", '{§″Version″: 1}', ["“″”"]),
    ("json_typographic_quotes", '{§〝Version〟: 1}', ["“〝”"]),
    ("json_typographic_quotes", '{"Version§”: "2012-10-17"}', ["“””"]),
    ("json_foreign_mark",       '{"Version"§： "2012-10-17"}', ["“：”", "“:”", "U+FF1A"]),
    ("json_foreign_mark",       '{"Version": "2012-10-17"§， "Statement": []}', ["“，”", "“,”"]),
    ("json_foreign_mark",       '{"Version": "2012-10-17"§、 "Statement": []}', ["“、”", "“,”"]),
    ("json_foreign_mark",       '§｛"Version": 1}', ["“｛”", "“{”"]),
    ("json_foreign_mark",       '{"Version": 1§｝', ["“｝”", "“}”"]),
    ("json_foreign_mark",       '{"Statement": §［{}]}', ["“［”", "“[”"]),
    ("json_foreign_mark",       '{"Statement": [{}§］}', ["“］”", "“]”"]),
    ("json_foreign_mark",       '{}§｝', ["“｝”", "“}”"]),
    ("json_foreign_space",      '{"Version":§\u3000"2012-10-17"}', ["U+3000"]),
    ("json_foreign_space",      '{\n§\xa0 "Version": 1}', ["U+00A0"]),
    ("json_foreign_space",      '{§\u200b"Version": 1}', ["U+200B"]),
    ("json_foreign_space",      '{"Version": 1}\n§\u3000', ["U+3000"]),
    ("json_foreign_space",      '\ufeff§\ufeff{}', ["U+FEFF"]),
    ("json_markdown_fence",     '§```json\n{}\n```', ["```"]),
    ("json_markdown_fence",     '{}\n§```', ["```"]),
    ("json_file_name",          '§policy.json', ["policy.json", "read_text"]),
    ("json_file_name",          '§C:\\policies\\one two.JSON\n', ["one two.JSON"]),
    ("json_extra_comma",        '{"a": 1,§,"b": 2}', []),
    ("json_extra_comma",        '{"a": [1, § , 2]}'.replace("§ ,", "§,"), []),
    ("json_extra_comma",        '{"a": [§, 2]}', []),
    ("json_extra_comma",        '{§, "a": 2}', []),
    ("json_missing_value",      '{"a": §}', []),
    ("json_missing_value",      '{"a": §, "b": 1}', []),
    ("json_text_ends_early",    '{"Action": [§"iam:GetUser, "iam:ListUsers"]}', ["“iam:ListUsers”"]),
    ("json_text_ends_early",    '{§"Version: "2012-10-17"}', ["“2012-10-17”"]),
    ("json_text_ends_early",    '{"Sid": §"Allow "MFA""}', ["“MFA”"]),
    ("not_json",                '§]', []),
    ("not_json",                '{"a": §@}', []),
]
# fmt: on


@pytest.mark.parametrize(("code", "marked", "names"), BROKEN)
def test_a_cause(code: str, marked: str, names: list[str]) -> None:
    before, _, after = marked.partition("§")
    mistake = mistake_in(before + after)
    before = before.removeprefix("\ufeff")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert (mistake.code, mistake.pointer) == (code, "")
    if code != "not_json":
        assert (mistake.line, mistake.column) == (line, column)
    for name in names:
        assert name in mistake.sentence("en")
        assert name.strip("“”") in mistake.sentence("ja") or name == "“””"


def test_every_cause_has_its_case() -> None:
    codes = {key.partition(".")[2] for key in catalogue("en") if key.startswith("policy_error.")}
    assert {code for code, *_ in BROKEN} == {
        code for code in codes if code.startswith(("json_", "not_json"))
    }


repeatable = settings(deadline=None, derandomize=True, max_examples=400)


@repeatable
@given(st.integers(0, len(ARTICLE)), st.sampled_from(["", ",", "'", "“", "}", "]", "{", "//", "x"]))
def test_one_character_wrong(place: int, instead: str) -> None:
    """Whatever single character is lost or changed, one mistake says so, at or after it."""
    text = ARTICLE[:place] + instead + ARTICLE[place + 1 :]
    try:
        json.loads(text)
    except ValueError:
        mistake = mistake_in(text)
        assert mistake.code.startswith(("json_", "not_json"))
        assert mistake.line is not None
        assert mistake.column is not None
        lines = text.split("\n")
        assert 1 <= mistake.line <= len(lines)
        assert 1 <= mistake.column <= len(lines[mistake.line - 1]) + 1
