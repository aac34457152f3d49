"""`mfa-lab table`: the same table as the library's, in four formats."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mfa_lab.analysis.difference import difference
from mfa_lab.analysis.requests.questions import Whose
from mfa_lab.analysis.table import LESSON_ACTIONS, LESSON_KINDS, Tabulator
from mfa_lab.cli import main
from mfa_lab.cli.evaluate_line import answer
from mfa_lab.iam.credentials import ACCESS_KEY, CONSOLE_WITH_MFA, ROOT_USER, User
from mfa_lab.iam.policy import Policy
from mfa_lab.iam.policy_set import PolicySet
from mfa_lab.iam.service_rules import ServiceRules
from mfa_lab.text.columns import width
from mfa_lab.view.table_page import table_page
from mfa_lab.whole_file import MOST_BYTES

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Failed = Callable[..., None]
Tell = Callable[..., str]

ARTICLE = "2021-05-13_article.json"
WEAKENED = "2021-05-13_article_weakened.json"
MULTIPLE = "2022-11-23_multiple_mfa_devices.json"


@pytest.fixture
def tell(policies: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Tell:
    """Run `mfa-lab table` in this process and give what it prints."""

    def tell_it(*arguments: str, warnings: int = 0) -> str:
        files = [
            str(policies / one) if one in (ARTICLE, WEAKENED, MULTIPLE) else one
            for one in arguments
        ]
        status = main(["table", *files, "--lang", "en"])
        out, err = capfdbinary.readouterr()
        assert (status, err.count(b"\n")) == (0, warnings)
        assert err.count(b"mfa-lab: Warning, ") == warnings
        return out.decode("utf-8")

    return tell_it


@pytest.fixture
def of(policies: Path) -> Callable[[str], PolicySet]:
    return lambda name: PolicySet(identity=[Policy.parse((policies / name).read_bytes())])


def cells_of(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    cells = json.loads(text)["cells"]
    return {(one["action"], one["credentials"]): one for one in cells}


def without_reasons(cell: dict[str, Any]) -> dict[str, Any]:
    return {**cell, "outcomes": {name: {} for name in cell["outcomes"]}}


def test_json_is_the_library_s_table(tell: Tell, of: Callable[[str], PolicySet]) -> None:
    found = json.loads(tell(ARTICLE, "--format", "json"))
    table = Tabulator().table(of(ARTICLE))
    assert [without_reasons(cell) for cell in found["cells"]] == table.to_data()
    assert found["credentials"] == [kind.name for kind in LESSON_KINDS]
    assert found["size"] == 22_321
    assert "difference" not in found
    assert {sum(faces.values()) for faces in found["totals"].values()} == {22_321}
    assert found["totals"]["access_key"]["allow"] == 8


def test_json_of_two_policies_has_their_difference(
    tell: Tell, of: Callable[[str], PolicySet]
) -> None:
    found = json.loads(tell(ARTICLE, WEAKENED, "--format", "json"))
    before, after = of(ARTICLE), of(WEAKENED)
    tabulator = Tabulator()
    assert found["difference"] == difference(tabulator, before, after).to_data()
    assert found["difference"]["actions"] == ["iam:ChangePassword", "iam:GetAccountPasswordPolicy"]
    cells = [without_reasons(cell) for cell in found["cells"]]
    assert cells == tabulator.table(after, before).to_data()


def test_csv_is_a_line_a_cell(tell: Tell) -> None:
    lines = list(csv.DictReader(io.StringIO(tell(ARTICLE, WEAKENED, "--format", "csv"))))
    assert len(lines) == len(LESSON_ACTIONS) * len(LESSON_KINDS)
    cells = {(line["action"], line["credentials"]): line for line in lines}
    assert cells["iam:ChangePassword", "access_key"] == {
        "action": "iam:ChangePassword",
        "resource": "arn:aws:iam::123456789012:user/alice",
        "credentials": "access_key",
        "face": "allow",
        "undocumented": "false",
        "decided_by": "AllowManageOwnPasswords",
        "face_before": "explicit_deny",
        "outcomes": "allow",
        "undecided": "false",
    }
    assert cells["s3:ListAllMyBuckets", "access_key"]["decided_by"] == "DenyAllExceptListedIfNoMFA"
    assert cells["s3:ListAllMyBuckets", "access_key"]["face_before"] == ""


def test_csv_names_a_statement_without_sid_by_its_place(tell: Tell, tmp_path: Path) -> None:
    policy = tmp_path / "p.json"
    policy.write_text('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}', "utf-8")
    line = next(csv.DictReader(io.StringIO(tell(str(policy), "--format", "csv"))))
    assert (line["face"], line["decided_by"]) == ("allow", "Statement[0]")


def test_html_is_the_view_s_page(tell: Tell, of: Callable[[str], PolicySet]) -> None:
    tabulator, before, after = Tabulator(), of(ARTICLE), of(WEAKENED)
    changes = difference(tabulator, before, after)
    assert tell(ARTICLE, "--format", "html") == table_page(tabulator.table(before), "en")
    assert tell(ARTICLE, WEAKENED, "--format", "html") == table_page(
        tabulator.table(after, before), "en", changes
    )


def test_text_has_a_row_an_action_and_a_column_a_kind(tell: Tell) -> None:
    lines = tell(ARTICLE).splitlines()
    rows = [line for line in lines if line.startswith(("iam:", "sts:", "s3:", "ec2:"))]
    assert [row.split()[0] for row in rows] == list(LESSON_ACTIONS)
    change = next(row for row in rows if row.startswith("iam:ChangePassword "))
    assert " ".join(change.split()) == (
        "iam:ChangePassword ✕ denied 9 ✕ denied 9 ⊘ refused ✕ denied 9 ✓ allowed 2 ✓ allowed 2"
    )


def test_text_explains_symbols_and_numbers(tell: Tell) -> None:
    text = tell(ARTICLE)
    for symbol in "✓✕–⊘":
        assert f"\n{symbol} " in text
    assert "\n  9 DenyAllExceptListedIfNoMFA\n" in text
    assert "all 22,321 actions of AWS" in text
    assert "22,313" in text
    assert "?" not in text and "«" not in text


def test_text_marks_what_aws_does_not_document(tell: Tell, tmp_path: Path) -> None:
    """A Deny with Bool: whether a role session's key is absent or false decides."""
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition},
    ]
    policy = tmp_path / "p.json"
    policy.write_text(json.dumps({"Statement": statements}), "utf-8")
    shown = ["--actions", "s3:GetObject", "--credentials", "role_session"]
    text = tell(str(policy), *shown, warnings=1)
    assert "s3:GetObject" in text
    assert "✕ denied 2 †\n" in text
    assert text.splitlines()[-1].startswith("† ")


def test_text_of_two_policies_says_first_what_flips(tell: Tell) -> None:
    text = tell(ARTICLE, WEAKENED)
    assert text.startswith("2 actions flip; none of the other 22,319 actions of AWS does.\n")
    head = text.partition("What alice may do")[0]
    assert head.count("    iam:ChangePassword\n") == 2
    assert "✕ denied → ✓ allowed\n  for access key; console, no code\n" in head
    assert "✓ allowed 2 « denied" in text
    assert text.splitlines()[-1].startswith("« ")


def test_text_of_a_policy_and_itself(tell: Tell) -> None:
    text = tell(ARTICLE, ARTICLE)
    assert text.startswith("Not one of the 22,321 actions")
    assert "«" not in text


def test_text_of_a_great_difference_counts_what_it_does_not_list(
    tell: Tell, tmp_path: Path
) -> None:
    policy = tmp_path / "p.json"
    policy.write_text('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}', "utf-8")
    head = tell(ARTICLE, str(policy), "--credentials", "console_with_mfa").partition("What")[0]
    listed = [line for line in head.splitlines() if line.startswith("    ")]
    assert len(listed) == 41
    assert "22,250 more" in listed[-1]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_columns_of_the_text_stand_below_one_another(
    run: Run, policies: Path, language: str
) -> None:
    result = run("table", policies / ARTICLE, policies / WEAKENED, "--lang", language)
    lines = result.stdout.decode("utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("--"))
    last = next(place for place, line in enumerate(lines[first + 1 :]) if line.startswith("--"))
    rows = lines[first + 1 : first + 1 + last]
    assert len(rows) == len(LESSON_ACTIONS)
    symbols = [
        [width(row[:place]) for place, one in enumerate(row) if one in "✓✕–⊘"] for row in rows
    ]
    assert len(set(map(tuple, symbols))) == 1 and len(symbols[0]) == len(LESSON_KINDS)


def test_the_whole_catalogue(tell: Tell) -> None:
    text = tell(ARTICLE, "--actions", "*", "--credentials", "access_key", "--format", "csv")
    assert text.count("\n") == 22_322


OPTIONS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "user": (["--user", "carol"], {"user": User("carol")}),
    "user with a path": (["--user", "/dev/carol"], {"user": User("carol", "/dev/")}),
    "path without a slash": (["--user", "dev/eu/carol"], {"user": User("carol", "/dev/eu/")}),
    "device": (["--device-name", "phone"], {"device_name": "phone"}),
    "another": (["--another-user"], {"whose": Whose.ANOTHER}),
    "has device": (["--has-device"], {"rules": ServiceRules(has_device=True)}),
    "before": (
        ["--has-device", "--before-april-2023"],
        {"rules": ServiceRules(has_device=True, own_devices_need_mfa=False)},
    ),
    "actions": (["--actions", "iam:*MFA*"], {"actions": ["iam:*MFA*"]}),
    "several": (["--actions", "iam:*MFA*", "sts:*"], {"actions": ["iam:*MFA*", "sts:*"]}),
    "repeated": (
        ["--actions", "iam:*MFA*", "--actions=sts:*"],
        {"actions": ["iam:*MFA*", "sts:*"]},
    ),
    "commas": (["--actions", "iam:*MFA*, sts:*"], {"actions": ["iam:*MFA*", "sts:*"]}),
    "credentials": (
        ["--credentials", "root_user", "access_key"],
        {"kinds": [ROOT_USER, ACCESS_KEY]},
    ),
    "both": (
        ["--actions", "iam:GetUser", "--credentials", "console_with_mfa"],
        {"actions": ["iam:GetUser"], "kinds": [CONSOLE_WITH_MFA]},
    ),
    "account": (["--account", "111122223333"], {"user": User(account="111122223333")}),
    "partition": (["--partition", "aws-cn"], {"user": User(partition="aws-cn")}),
    "resource": (
        ["--actions", "s3:GetObject", "--resource", "arn:aws:s3:::logs/*", "arn:aws:s3:::a/b"],
        {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::logs/*", "arn:aws:s3:::a/b"]},
    ),
    "context": (
        ["--actions", "s3:GetObject", "--context", "aws:SourceIp=10.0.0.1", "aws:Referer=a=b"],
        {
            "actions": ["s3:GetObject"],
            "context": {"aws:SourceIp": "10.0.0.1", "aws:Referer": "a=b"},
        },
    ),
}


@pytest.mark.parametrize(("arguments", "named"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_is_the_library_s(
    arguments: list[str], named: dict[str, Any], tell: Tell, of: Callable[[str], PolicySet]
) -> None:
    found = json.loads(tell(MULTIPLE, "--format", "json", *arguments))
    cells = [without_reasons(cell) for cell in found["cells"]]
    assert cells == Tabulator(**named).table(of(MULTIPLE)).to_data()


LOGS = [
    {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::logs/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    },
    {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {"Null": {"aws:SourceIp": "true"}},
    },
]
EVERYTHING = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]


@pytest.fixture
def logs(tmp_path: Path) -> str:
    return written(tmp_path / "logs.json", LOGS)


@pytest.fixture
def everything(tmp_path: Path) -> str:
    return written(tmp_path / "everything.json", EVERYTHING)


def written(path: Path, statements: list[dict[str, Any]]) -> str:
    path.write_text(json.dumps({"Statement": statements}), "utf-8")
    return str(path)


def decided(line: dict[str, Any]) -> dict[str, Any]:
    """Decide a witness as `mfa-lab evaluate` does."""
    answered: dict[str, Any] = json.loads(answer(json.dumps(line).encode("utf-8")))
    return answered


LOGS_SHOWN = ["--actions", "s3:GetObject", "--credentials", "access_key", "console_with_mfa"]


def faces_of(text: str) -> list[list[str]]:
    return [sorted(cell["outcomes"]) for cell in json.loads(text)["cells"]]


def test_resources_and_context_narrow_the_requests(tell: Tell, logs: str) -> None:
    shown = [logs, "--format", "json", *LOGS_SHOWN]
    assert faces_of(tell(*shown)) == [["allow", "explicit_deny", "implicit_deny"]] * 2
    office = ["--context", "aws:SourceIp=10.1.2.3"]
    assert faces_of(tell(*shown, *office)) == [["allow", "implicit_deny"]] * 2
    assert faces_of(tell(*shown, "--resource", "arn:aws:s3:::a/*", *office)) == [
        ["implicit_deny"],
        ["implicit_deny"],
    ]
    logged = tell(*shown, "--resource", "arn:aws:s3:::logs/*", *office)
    assert faces_of(logged) == [["allow"], ["allow"]]


def test_a_context_key_that_comes_twice_has_both_values(tell: Tell, logs: str) -> None:
    tags = ["--context", "aws:TagKeys=a", "aws:TagKeys=b", "--format", "json"]
    shown = ["--actions", "iam:TagUser", "--credentials", "access_key"]
    (cell,) = json.loads(tell(logs, *shown, *tags))["cells"]
    (outcome,) = cell["outcomes"].values()
    context = outcome["witness"]["request"]["context"]
    given = {key.lower(): value for key, value in context.items()}
    assert given["aws:tagkeys"] == ["a", "b"]


def test_account_and_partition_are_those_of_the_witnesses(tell: Tell, logs: str) -> None:
    place = ["--account", "111122223333", "--partition", "aws-cn"]
    for cell in json.loads(tell(logs, *LOGS_SHOWN, *place, "--format", "json"))["cells"]:
        for outcome in cell["outcomes"].values():
            request = outcome["witness"]["request"]
            assert request["principal"] == "arn:aws-cn:iam::111122223333:user/alice"
            assert request["resource"].startswith("arn:aws-cn:s3:::")


def test_each_witness_is_decided_as_its_outcome_claims(tell: Tell, logs: str) -> None:
    cells = json.loads(tell(logs, *LOGS_SHOWN, "--format", "json"))["cells"]
    cells += json.loads(tell(ARTICLE, "--format", "json"))["cells"]
    assert [cell["face"] for cell in cells[:2]] == ["depends", "depends"]
    for cell in cells:
        assert cell["outcomes"].keys() == (
            {cell["face"]} if cell["face"] != "depends" else cells[0]["outcomes"].keys()
        )
        for face, outcome in cell["outcomes"].items():
            found = decided(outcome["witness"])
            assert outcome["witness"]["request"]["action"] == cell["action"]
            if face != "refused":  # which is the service's, whatever the policies say
                assert (found["outcome"], found["decided_by"]) == (face, outcome["decided_by"])
    for outcome in cells[0]["outcomes"].values():
        assert "aws:sourceip" in outcome["depends_on"]


def test_each_flip_s_witness_is_decided_as_the_flip_claims(
    tell: Tell, logs: str, everything: str
) -> None:
    flips = json.loads(tell(logs, everything, *LOGS_SHOWN, "--format", "json"))["flips"]
    assert {(flip["before"], flip["after"]) for flip in flips} == {
        ("explicit_deny", "allow"),
        ("implicit_deny", "allow"),
    }
    assert len(flips) == 4
    flips += json.loads(tell(ARTICLE, WEAKENED, "--format", "json"))["flips"]
    assert len(flips) > 4
    for flip in flips:
        witness = flip["witness"]
        assert witness["before"]["request"] == witness["after"]["request"]
        assert witness["before"]["request"]["action"] == flip["action"]
        assert [decided(witness[side])["outcome"] for side in ("before", "after")] == [
            flip["before"],
            flip["after"],
        ]


def test_more_than_a_thousand_cells_have_witnesses_only_where_asked(tell: Tell, logs: str) -> None:
    shown = [logs, "--actions", "ec2:*", "--credentials", "access_key", "role_session"]
    for asked in ([], ["--witnesses"]):
        cells = json.loads(tell(*shown, "--format", "json", *asked))["cells"]
        assert len(cells) > 1_000
        outcomes = [outcome for cell in cells for outcome in cell["outcomes"].values()]
        assert {"witness" in outcome for outcome in outcomes} == {bool(asked)}
        assert all({"decided_by", "depends_on"} <= outcome.keys() for outcome in outcomes)


def test_text_lists_what_a_cell_depends_on(tell: Tell, logs: str) -> None:
    text = tell(logs, *LOGS_SHOWN)
    _, _, below = text.partition("What each ◐ depends on, ")
    line = below.splitlines()[1]
    assert line.startswith("  s3:GetObject, every column: ✓ allowed on arn:aws:s3:::logs/")
    assert " with aws:SourceIp 10.0.0.1 (statement 1); ✕ denied" in line
    assert " without aws:SourceIp (statement 2); – not allowed" in line
    assert "◐" not in tell(ARTICLE)


def test_text_of_two_policies_names_a_request_where_only_some_flip(
    tell: Tell, logs: str, everything: str
) -> None:
    head = tell(logs, everything, *LOGS_SHOWN).partition("What alice may do")[0]
    example = "  s3:GetObject: only for some requests, such as one "
    assert f"✕ denied → ✓ allowed\n  for access key; console, with code\n{example}" in head
    assert f"{example}without aws:SourceIp\n" in head
    assert "only for some requests" not in tell(ARTICLE, WEAKENED)


def test_an_option_s_values_may_stand_before_the_policy(tell: Tell) -> None:
    after = tell(MULTIPLE, "--actions", "iam:GetUser", "iam:GetRole")
    assert tell("--actions", "iam:GetUser", "iam:GetRole", MULTIPLE) == after


def test_a_policy_from_standard_input(run: Run, policies: Path) -> None:
    text = (policies / ARTICLE).read_bytes()
    assert run("table", "-", given=text).stdout == run("table", policies / ARTICLE).stdout
    with_mark = run("table", "-", given=b"\xef\xbb\xbf" + text)
    assert with_mark.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--actions", "iam:ChangePasword"], ["“iam:ChangePasword”", "“iam:ChangePassword”"]),
        (["--actions", "ChangePassword"], ["“iam:ChangePassword”"]),
        (["--actions", "iam:GetUser", "GetRole"], ["“iam:GetRole”"]),
        (["--actions", ""], []),
        (["--credentials", "acces_key"], ["“access_key”", "console_with_mfa"]),
        (["--credentials", "ACCESS"], ["“access_key”"]),
        (["--credentials", ""], ["no credentials “”. The kinds are"]),
        (["--credentials", "xyz"], ["no credentials “xyz”. The kinds are"]),
        (["--user", "al ice"], ["--user"]),
        (["--user", "アリス"], ["--user"]),
        (["--user", ""], ["--user"]),
        (["--user", "/a b/alice"], ["--user"]),
        (["--device-name", "a/b"], ["--device-name"]),
        (["--account", "12345678901"], ["--account", "“12345678901”"]),
        (["--account", "１２３４５６７８９０１２"], ["--account"]),
        (["--partition", "AWS"], ["--partition", "“AWS”"]),
        (["--partition", "aws-cn\n"], ["--partition"]),
        (["--resource", "logs/*"], ["--resource", "“logs/*”"]),
        (["--resource", "arn:aws:s3:::"], ["--resource"]),
        (["--context", "aws:SourceIp"], ["--context", "“aws:SourceIp”"]),
        (["--context", "=1"], ["--context"]),
        (["--context", "aws:UserName=bob"], ["--context", "aws:UserName"]),
        (["--context", "aws:MultiFactorAuthPresent=true"], ["aws:MultiFactorAuthPresent"]),
        (["--actions", "s3:GetObject", "--context", "aws:TagKeys=a"], ["s3:GetObject"]),
    ],
)
def test_an_option_with_a_mistake(
    arguments: list[str], words: list[str], run: Run, failed: Failed, policies: Path
) -> None:
    failed(run("table", policies / ARTICLE, *arguments), *words)


DOUBTFUL = {
    "Effect": "Deny",
    "Action": [f"iam:ChangePasword{number}" for number in range(7)],
    "Resource": "*",
}


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_what_nobody_means_is_said_beside_the_table(run: Run, tmp_path: Path, form: str) -> None:
    """At most five sentences and a count; the output and the exit status stay as they are."""
    document = {"Statement": DOUBTFUL}
    (tmp_path / "doubtful.json").write_text(json.dumps(document, indent=1), "utf-8")
    result = run("table", "doubtful.json", "--format", form, "--lang", "en")
    said = result.stderr.decode("utf-8").splitlines()
    assert result.returncode == 0
    assert len(said) == 6
    assert said[0].startswith(
        "mfa-lab: Warning, “doubtful.json”. Line 5, column 4 (/Statement/Action/0)"
    )
    assert "“iam:ChangePassword”" in said[0]
    assert said[5] == "mfa-lab: “doubtful.json”: 2 more warnings."
    meant = {"Statement": {**DOUBTFUL, "Action": "iam:ChangePassword", "Effect": "Allow"}}
    (tmp_path / "meant.json").write_text(json.dumps(meant), "utf-8")
    assert run("table", "meant.json", "--format", form).stderr == b""


def test_what_nobody_means_is_said_in_japanese_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps({"Statement": DOUBTFUL}), "utf-8")
    said = run("table", "p.json", "--lang", "ja").stderr.decode("utf-8")
    assert "警告「p.json」" in said
    assert "ほかに 2 件の警告があります" in said


def test_a_table_is_drawn_where_nobody_hears_warnings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps({"Statement": DOUBTFUL}), "utf-8")
    result = run("table", "p.json", stderr=subprocess.DEVNULL)
    assert result.returncode == 0
    assert result.stdout


def test_what_is_too_large_to_be_a_policy_is_not_parsed(
    run: Run, failed: Failed, tmp_path: Path
) -> None:
    content = b"[" * (MOST_BYTES + 1)
    (tmp_path / "large.json").write_bytes(content)
    failed(run("table", "large.json"), "“large.json” is too large", "1,000,000")
    failed(run("table", "-", given=content), "“-” is too large")


def test_standard_input_cannot_be_both_policies(run: Run, failed: Failed) -> None:
    failed(run("table", "-", "-"), "standard input")


@pytest.mark.parametrize(
    ("pattern", "form", "is_shown"),
    [("*", "text", True), ("*", "html", True), ("iam:*", "text", False)],
)
def test_a_bar_shows_on_a_terminal_where_it_takes_long(
    pattern: str, form: str, is_shown: bool, run_on_terminal: Callable[..., Any], policies: Path
) -> None:
    shown = ["--actions", pattern, "--format", form, "--credentials", "access_key"]
    ran = run_on_terminal("table", policies / ARTICLE, *shown)
    assert ran.result.returncode == 0
    assert ("100%" in ran.said) is is_shown
    assert any(f"{percent}%" in ran.said for percent in range(60, 90)) is is_shown
    assert b"actions  [" not in ran.result.stdout


def test_no_bar_where_standard_error_is_no_terminal(run: Run, policies: Path) -> None:
    assert run("table", policies / ARTICLE, "--actions", "*", "--format", "csv").stderr == b""
