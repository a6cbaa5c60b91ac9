"""How a text is cut into blocks and sentences, each with its place in the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.checks import run
from articles.checks.reading import marks, sentences
from articles.checks.view import view_of

BODY = """## Evidence

Two trials [@b; @c, p. 3] agree. [@d] They used 5 mg
of *Drug* a day.

Signs are:

- one thing
  that goes on
   - nested

> Quoted text
> goes on.

| a | b |
|---|:-:|
| 1 | 2 |

```
# code
```

::: plain
Plain **text**.
:::

Set
---
After."""


def test_blocks_with_their_lines():
    assert [(one.kind, one.line, one.text) for one in view_of({"body": BODY}).blocks] == [
        ("heading", 1, "Evidence"),
        ("paragraph", 3, "Two trials agree. They used 5 mg of Drug a day."),
        ("paragraph", 6, "Signs are:"),
        ("item", 8, "one thing that goes on"),
        ("item", 10, "nested"),
        ("paragraph", 12, "Quoted text goes on."),
        ("table", 15, "| a | b | | 1 | 2 |"),
        ("paragraph", 24, "Plain text."),
        ("heading", 27, "Set"),
        ("paragraph", 29, "After."),
    ]


def test_who_reads_what():
    view = view_of({"body": BODY, "lead": "A.", "plain_lead": "B."})
    assert [one.text for one in view.plain_only] == ["B.", "Plain text."]
    assert "Plain text." not in [one.text for one in view.read_by["general"]]
    assert "Plain text." in [one.text for one in view.read_by["patient"]]
    assert "A." in [one.text for one in view.professional]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("E.g. one, i.e. two. Then, cf. Smith et al. 2019.", ["E.g. one, i.e. two.", "Then, cf. Smith et al. 2019."]),
        ("Dr. Smith and J. Smith came. They left.", ["Dr. Smith and J. Smith came.", "They left."]),
        ("Take vitamin C. Then rest.", ["Take vitamin C.", "Then rest."]),
        ("It was 5.5 mg vs. Placebo? “Yes.” No!", ["It was 5.5 mg vs. Placebo?", "“Yes.”", "No!"]),
        ("Help [@a]. Then", ["Help [@a].", "Then"]),
        ("Help. [@a] Then", ["Help. [@a]", "Then"]),
    ],
)  # fmt: skip
def test_sentences(text: str, parts: list[str]):
    assert [text[start:end].strip() for start, end in sentences.spans(marks.mask(text).text)] == parts


@given(st.text(alphabet="ab.A@[](){}*_`!|:#->\\ \n1%<https/", max_size=300))
def test_marks_keep_every_character_in_its_place(text: str):
    assert len(marks.mask(text).text) == len(text)


@given(st.text(alphabet="ab. A@[]()*_|:#->\n1%mg", max_size=300))
def test_no_text_breaks_a_check_and_each_excerpt_stands_in_its_field(text: str):
    fields = {"body": text, "lead": text, "plain_lead": text}
    view = view_of(fields)
    for one in run(view).findings:
        assert one.excerpt in view.fields.get(one.field, "")
