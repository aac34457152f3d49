"""What must go in a browser's Python: the floors below the widgets, and a step of a lesson.

`make pyodide` runs it; README.md beside it says what was seen and what does not go.
"""

from __future__ import annotations

import sys
import time
from types import ModuleType


def stand_in_for_cryptography() -> None:
    """Let moto.iam be imported: it reads certificates with `cryptography`, which is compiled.

    Of its packages for browsers none is on PyPI. The lessons upload no certificate.
    """

    def load_pem_x509_certificate(*_given: object) -> None:
        raise ValueError("certificates cannot be read here")

    def default_backend() -> None:
        return None

    x509 = ModuleType("cryptography.x509")
    backends = ModuleType("cryptography.hazmat.backends")
    x509.__dict__["load_pem_x509_certificate"] = load_pem_x509_certificate
    backends.__dict__["default_backend"] = default_backend
    package = ModuleType("cryptography")
    package.__dict__["x509"] = x509
    sys.modules |= {
        "cryptography": package,
        "cryptography.x509": x509,
        "cryptography.hazmat": ModuleType("cryptography.hazmat"),
        "cryptography.hazmat.backends": backends,
    }


def decide() -> str:
    """`iam` and `analysis`: a decision, and the whole catalogue for every kind of credentials."""
    from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
    from mfa_lab.analysis.difference import changed_actions
    from mfa_lab.analysis.table import Tabulator
    from mfa_lab.folders import data

    def policy(name: str) -> Policy:
        text = (data() / "policies" / f"{name}.json").read_text(encoding="utf-8")
        return Policy.parse(text)

    before = PolicySet(identity=[policy("2021-05-13_article")])
    after = PolicySet(identity=[policy("2021-05-13_article_weakened")])
    arn = "arn:aws:iam::123456789012:user/alice"
    request = Request("iam:ChangePassword", arn, arn, {"aws:username": "alice"})
    assert evaluate(before, request).outcome is Outcome.EXPLICIT_DENY
    assert evaluate(after, request).outcome is Outcome.ALLOW
    everyone = Tabulator().for_all_kinds()
    assert changed_actions(everyone, before, after).bit_count() == 2
    return f"{len(everyone.catalogue):,} actions x {len(everyone.callers)} kinds of credentials"


def act() -> str:
    """The account in the process, and the experiment of lesson 04 with its views."""
    from mfa_lab import Account
    from mfa_lab.lesson import Lesson

    lesson = Lesson("04_someone_elses_keys", language="ja")
    answers = []
    for name in ("2021-05-13_article_weakened", "2021-05-13_article"):
        account = Account()
        keys = account.create_user("alice", lesson.policy(name), password="Old-Pass-1")
        console, phone = lesson.console(account), lesson.phone(account)
        console.sign_in("alice", "Old-Pass-1")
        console.enrol_device(phone)
        iam = account.client("iam", keys)
        attempt = lesson.attempt(
            iam.change_password, OldPassword="Old-Pass-1", NewPassword="Thief-Pass-2"
        )
        shown = attempt._repr_html_() or ""
        assert "iam:ChangePassword" in shown
        answers.append("AccessDenied" in shown)
        account.close()
    assert answers == [False, True], answers
    return "refused by the article's policy, carried out by the weakened one"


def edit() -> str:
    """The editor and its table, as models."""
    from mfa_lab.lesson import Lesson

    lesson = Lesson("01_force_mfa_policy", language="en")
    bench = lesson.edit(lesson.policy("2021-05-13_article"))
    bench.editor.add("iam:*MFA*")
    assert "11 actions" in bench.editor.status
    assert bench.table.table.rows
    return "an edit of the list is answered"


def draw() -> str:
    """The pictures, as SVG."""
    from xml.etree import ElementTree

    from mfa_lab.lesson import Lesson

    lesson = Lesson("06_many_devices", language="ja")
    policies = {"記事": lesson.policy("2021-05-13_article")}
    pictures = [lesson.history().svg(), lesson.exposure(policies).svg()]
    drawn = [len(ElementTree.fromstring(picture)) for picture in pictures]
    assert min(drawn) > 50, drawn
    return f"{len(drawn)} pictures of {sum(drawn)} shapes and words"


def main() -> None:
    stand_in_for_cryptography()
    print(f"Python {sys.version.split()[0]} on {sys.platform}")
    for step in (decide, act, edit, draw):
        begun = time.perf_counter()
        said = step()
        print(f"{step.__name__}: {said} ({time.perf_counter() - begun:.1f} s)")


main()
