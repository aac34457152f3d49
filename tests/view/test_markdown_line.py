"""A line of Markdown becomes HTML; the rest is escaped."""

from __future__ import annotations

import pytest

from mfa_lab.view.markdown_line import markdown_line


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("a `b < c` **d** e", "a <code>b &lt; c</code> <b>d</b> e"),
        ("**`Deny` wins**", "<b><code>Deny</code> wins</b>"),
        ("*so* and 2 * 3 * 4", "<em>so</em> and 2 * 3 * 4"),
        ("`iam:*MFA*` and `s3:*`", "<code>iam:*MFA*</code> and <code>s3:*</code>"),
        ("`**x**`", "<code>**x**</code>"),
        ("[00 · Start](00_start_here.ipynb)", "00 · Start"),
        ("<b>x</b> & \"y\"", "&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;"),
        ("[x](javascript:alert(1)) `<i>`", "x) <code>&lt;i&gt;</code>"),
        ("a \ue000 `b`", "a  <code>b</code>"),
        ("`open", "`open"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_line_of_markdown(line: str, html: str) -> None:
    assert markdown_line(line) == html
