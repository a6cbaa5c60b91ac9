import datetime
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from references import names as names_of
from references.formats import bibtex, bibtex_names, reading
from references.formats.csl import to_csl
from references.formats.dates import MONTHS
from references.formats.latex import Latex
from references.models import Kind, Type
from references.names import clean_authors, is_others
from references.works import Work, clean
from tests.references.strategies import works


def read(text):
    found = reading.read(text, format="bibtex")
    assert not found.problems, found.problems
    return found.works


def entry(fields, entry_type="article", key="a"):
    return f"@{entry_type}{{{key},\n  title = {{A title}},\n  {fields}\n}}\n"


def one(fields, entry_type="article", key="a"):
    (work,) = read(entry(fields, entry_type, key))
    return work


def problems(text):
    return [str(problem) for problem in reading.read(text, format="bibtex").problems]


TEXTS = st.text(
    st.characters(categories=["L", "N"]) | st.sampled_from(" .,;:()%$#&_^~{}\\'\"`@/+=<>!?*|-"), max_size=30
)
"""What BibTeX can hold: words, and LaTeX's own signs; no controls and noncharacters of Unicode."""


def bibtex_form(work):
    """The work as far as BibTeX holds it."""
    work, errors = clean(Work(**{**work.values(), "abstract": " ".join(work.abstract.split())}))
    assert not errors
    return work


@given(works(TEXTS))
def test_what_is_written_is_read_again(work):
    """Excluded: keys, which BibTeX writes in its own signs, and names (both are tested apart); paragraphs of an
    abstract; signs outside of words and LaTeX's own (controls and noncharacters of Unicode); and the year 2200, which
    the library takes and references/formats/dates.py does not read.
    """
    work = Work(**{**work.values(), "key": "k", "authors": [], "editors": []})
    work = bibtex_form(work)
    assume(work.year != 2200)
    (found,) = read(reading.write("bibtex", [to_csl(work)]))
    assert found == work


NAMES = [
    ("{García de Abajo}, F. Javier", [{"family": "García de Abajo", "given": "F. Javier"}]),
    ("Jan Berg", [{"family": "Berg", "given": "Jan"}]),
    ("Berg, Jan", [{"family": "Berg", "given": "Jan"}]),
    ("Jan van den Berg", [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}]),
    ("van de la Tour, Anna", [{"family": "Tour", "given": "Anna", "non-dropping-particle": "van de la"}]),
    ("von Haehling, S.", [{"family": "Haehling", "given": "S.", "non-dropping-particle": "von"}]),
    ("King, Jr, Martin L.", [{"family": "King", "given": "Martin L.", "suffix": "Jr"}]),
    ("King, Martin L., Jr.", [{"family": "King", "given": "Martin L.", "suffix": "Jr."}]),
    ("{{World Health Organization}}", [{"literal": "World Health Organization"}]),
    ("{World Health Organization}", [{"literal": "World Health Organization"}]),
    ("{{Food and Drug Administration}}", [{"literal": "Food and Drug Administration"}]),
    ("{Barnes and Noble} and Doe, Jane", [{"literal": "Barnes and Noble"}, {"family": "Doe", "given": "Jane"}]),
    ("Doe, Jane and others", [{"family": "Doe", "given": "Jane"}, {"literal": "others"}]),
    ("Doe, Jane et al.", [{"family": "Doe", "given": "Jane"}, {"literal": "others"}]),
    (r"M{\"u}ller, J{\"o}rg", [{"family": "Müller", "given": "Jörg"}]),
    (r"{\O}stergaard, Lars", [{"family": "Østergaard", "given": "Lars"}]),
    ("García López,", [{"family": "García López"}]),
    ("M. a. Talin and a. a. Talin", [{"family": "Talin", "given": "M. a."}, {"family": "Talin", "given": "a. a."}]),
    ("a. Talin, Bo", [{"family": "Talin", "given": "Bo", "non-dropping-particle": "a."}]),
    ("Rabil, Albert Jr.", [{"family": "Rabil", "given": "Albert", "suffix": "Jr."}]),
    ("Fert, A.; and Dau, F. N.;", [{"family": "Fert", "given": "A."}, {"family": "Dau", "given": "F. N."}]),
    ("van 't Hoff, J.", [{"family": "Hoff", "given": "J.", "non-dropping-particle": "van 't"}]),
    (
        "family=Berg, given=Jan, prefix=van den",
        [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}],
    ),
]


WORDS = (
    st.sampled_from(
        ["a.", "A.", "a", "b.c.", "Talin", "talin", "Van", "van", "den", "la", "d'", "D'", "'t", "al-", "O'Neil"]
    )
    | st.sampled_from(
        ["García", "y", "Vega", "Müller", "É", "ø", "ß", "ı", "王", "小明", "Jr", "Jr.", "jr", "II", "III", "2nd"]
    )
    | st.sampled_from(
        ["and", "And", "others", "et", "al.", "al", "family=a", "University", "Group", "{x}", "\\textbf{x}"]
    )
    | st.sampled_from([*'{}~\\&%$#_^",;:=-–“”./@()*3', "\\'", "&amp;", "--", "''", "``"])
)
PART = st.lists(WORDS | TEXTS, max_size=3).map(" ".join)
PARTICLES = st.lists(st.sampled_from(["van", "der", "de", "la", "'t", "a.", "y", "ø"]), max_size=2).map(" ".join)
NAME = st.fixed_dictionaries({"literal": PART}) | st.fixed_dictionaries(
    {"family": PART}, optional={"given": PART, "suffix": PART, "non-dropping-particle": PARTICLES}
)


@given(st.lists(NAME, max_size=4))
def test_names_that_are_written_are_read_again(names):
    """Excluded: particles that BibTeX takes for none, which are tested apart."""
    names = clean_authors(names)
    found = bibtex_names.read(bibtex_names.write(names), Latex())
    assert found == [{"literal": "others"} if is_others(name) else name for name in names]


@pytest.mark.parametrize(
    ("name", "written", "family"),
    [
        ({"family": "Aubignac", "non-dropping-particle": "d'"}, "{d'Aubignac}, F", "d'Aubignac"),
        ({"family": "Sayed", "non-dropping-particle": "al-"}, "{al-Sayed}, F", "al-Sayed"),
        ({"family": "Berg", "non-dropping-particle": "Van den"}, "{Van den Berg}, F", "Van den Berg"),
        ({"family": "Berg", "dropping-particle": "von"}, "von Berg, F", "von Berg"),
    ],
)
def test_other_particles_stay_before_the_name(name, written, family):
    assert bibtex_names.write([name | {"given": "F"}]) == written
    (found,) = bibtex_names.read(written, Latex())
    assert names_of.family(found) == family


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_names(text, names):
    found = one(f"author = {{{text}}}").authors
    if names[-1] == {"literal": "others"}:
        assert found[:-1] == names[:-1]
        assert found[-1].keys() == {"literal"}
        assert "others" in reading.write("bibtex", [{"title": "T", "author": found}])
    else:
        assert found == names
        (again,) = read(reading.write("bibtex", [{"id": "a", "title": "T", "author": found}]))
        assert again.authors == found


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (r"K{\"o}ln", "Köln"),
        (r"K\"oln", "Köln"),
        (r"K\"{o}ln", "Köln"),
        (r"caf{\'e}", "café"),
        (r"caf\'{e}s", "cafés"),
        (r"Stra{\ss}e", "Straße"),
        (r"Stra\ss e", "Straße"),
        (r"S{\o}rensen", "Sørensen"),
        (r"\v{C}apek and {\v c}", "Čapek and č"),
        (r"\c{c}a {\c c}a", "ça ça"),
        (r"na{\"\i}ve", "naïve"),
        (r"{\AA}ngstr{\"o}m", "Ångström"),
        (r"\'{\i}ndice", "índice"),
        (r"Erd{\H o}s", "Erdős"),
        (r"\L{}{\'o}d{\'z}", "Łódź"),
        ("{The {HEART} Failure}", "The HEART Failure"),
        (r"50\% of \$10 \& more \#1 a\_b", "50% of $10 & more #1 a_b"),
        ("Fifty % of it # and $5", "Fifty % of it # and $5"),
        ("1990--2000 --- a ``study''", "1990–2000 — a “study”"),
        (r"\emph{In vivo} \textbf{bold}", "In vivo bold"),
        (r"{\itshape x} \textsuperscript{2}", "x ²"),
        (r"{CO}$_2$, H$_{2}$O, V$_{\mathrm{O}_2}$max and HbA\textsubscript{1c}", "CO2, H2O, VO2max and HbA1c"),
        (r"$10^6$, x$^{-3}$, m$^2$, Ca$^{2+}$ and $x^{2k}$", "10⁶, x⁻³, m², Ca²⁺ and x^2k"),
        (r"\textsuperscript{18}F, 19$^{th}$ and 37$^{\circ}$C", "¹⁸F, 19th and 37°C"),
        (r"a_b and c^d at \$5_x and \$6^y", "a_b and c^d at $5_x and $6^y"),
        (r"Harvard\&\#039;s", "Harvard's"),
        ("A~B", "A B"),
        ("Health &amp; Care", "Health & Care"),
        (r"A \unknowncommand{text} here", "A text here"),
    ],
)
def test_latex(text, title):
    (work,) = read(f"@article{{a, title = {{{text}}}}}")
    assert work.title == title


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = 2021, month = mar", (2021, 3, None)),
        ("year = {2021}, month = {March}, day = {5}", (2021, 3, 5)),
        ("year = 2021, month = {3}", (2021, 3, None)),
        ('year = 2021, month = mar # "~5"', (2021, 3, 5)),
        ('year = 2021, month = "5~" # mar', (2021, 3, 5)),
        ("year = 2021, month = {13}", (2021, None, None)),
        ("date = {2021-10-14}", (2021, 10, 14)),
        ("date = {2021-10}", (2021, 10, None)),
        ("date = {2021}", (2021, None, None)),
        ("date = {2020-03-01/2021-04-02}", (2020, 3, 1)),
        ("date = {2020/2021}", (2020, None, None)),
        ("date = {2019-05}, year = 1999", (2019, 5, None)),
        ("year = {in press}", (None, None, None)),
        ("year = {c2005}", (2005, None, None)),
    ],
)
def test_dates(fields, date):
    work = one(fields)
    assert (work.year, work.month, work.day) == date


@pytest.mark.parametrize("number", range(12))
def test_every_month_is_a_macro(number):
    assert one(f"year = 2020, month = {MONTHS[number].upper()}").month == number + 1


@pytest.mark.parametrize(
    ("entry_type", "fields", "form", "kind"),
    [
        ("article", "journal = {Lancet}", Type.ARTICLE_JOURNAL, Kind.OTHER),
        ("ARTICLE", "journal = {Lancet}", Type.ARTICLE_JOURNAL, Kind.OTHER),
        ("article", "journaltitle = {Time}, entrysubtype = {magazine}", Type.ARTICLE_MAGAZINE, Kind.OTHER),
        ("article", "journaltitle = {FAZ}, entrysubtype = {newspaper}", Type.ARTICLE_NEWSPAPER, Kind.OTHER),
        ("book", "publisher = {P}", Type.BOOK, Kind.BOOK),
        ("collection", "publisher = {P}", Type.BOOK, Kind.BOOK),
        ("incollection", "booktitle = {B}", Type.CHAPTER, Kind.BOOK),
        ("inbook", "booktitle = {B}", Type.CHAPTER, Kind.BOOK),
        ("inproceedings", "booktitle = {B}", Type.PAPER_CONFERENCE, Kind.OTHER),
        ("conference", "booktitle = {B}", Type.PAPER_CONFERENCE, Kind.OTHER),
        ("techreport", "institution = {WHO}", Type.REPORT, Kind.OTHER),
        ("phdthesis", "school = {Bern}", Type.THESIS, Kind.OTHER),
        ("online", "url = {https://a.org}", Type.WEBPAGE, Kind.WEB_PAGE),
        ("dataset", "", Type.DATASET, Kind.OTHER),
        ("software", "", Type.SOFTWARE, Kind.OTHER),
        ("unpublished", "", Type.DOCUMENT, Kind.OTHER),
        ("nosuchtype", "journal = {Lancet}", Type.DOCUMENT, Kind.OTHER),
        ("misc", "howpublished = {\\url{https://a.org}}", Type.WEBPAGE, Kind.OTHER),
        ("article", "imprimatur-kind = {randomised-trial}", Type.ARTICLE_JOURNAL, Kind.RANDOMISED_TRIAL),
    ],
)
def test_types(entry_type, fields, form, kind):
    work = one(fields, entry_type)
    assert (work.type, work.kind) == (form, kind)


def test_theses_say_of_which_degree():
    assert [one("", each).genre for each in ("phdthesis", "mastersthesis")] == ["PhD thesis", "Master's thesis"]
    assert one("type = {Habilitation}", "thesis").genre == "Habilitation"


def test_a_chapter_takes_from_the_book_that_its_crossref_names():
    chapter, book = read(
        "@incollection{c, title = {The chapter}, author = {Doe, Jane}, pages = {1--9}, crossref = {b}}\n"
        "@book{b, title = {The book}, subtitle = {All of it}, editor = {Roe, Ann}, year = 2020, publisher = {Press},"
        " pages = {900}, doi = {10.1000/book}}\n"
    )
    assert (chapter.container, chapter.year, chapter.publisher) == ("The book: All of it", 2020, "Press")
    assert chapter.editors == [{"family": "Roe", "given": "Ann"}]
    assert (chapter.title, chapter.pages, chapter.doi) == ("The chapter", "1-9", None)
    assert book.container == ""


def test_xdata_gives_fields_and_is_no_entry():
    found = reading.read(
        "@xdata{press, publisher = {Press}, location = {Bern}}\n@xdata{more, xdata = {press}, series = {Blue}}\n"
        "@book{b, title = {T}, xdata = {more}, location = {Basel}}\n"
    )
    (work,) = found.works
    assert (work.publisher, work.place, work.series, found.count) == ("Press", "Basel", "Blue", 1)


def test_a_crossref_to_nothing_is_passed_over():
    assert one("crossref = {nowhere}").title == "A title"


def test_cross_references_in_a_circle_are_refused_in_a_sentence():
    found = reading.read(
        "".join(entry(f"crossref = {{{to}}}", key=key) for key, to in ("ab", "ba", "cc")) + entry("", key="d")
    )
    assert [problem.source_id for problem in found.problems] == ["a", "b", "c"]
    assert found.problems[0].messages == ("Its cross-references lead in a circle: a → b → a.",)
    assert [work.key for work in found.works] == ["d"]


def test_a_long_chain_of_cross_references_is_refused():
    text = "".join(entry(f"crossref = {{k{n + 1}}}", key=f"k{n}") for n in range(500))
    found = reading.read(text)
    assert len(found.works) + len(found.problems) == 500
    assert found.problems[0].messages == ("Its cross-references lead through more than 7 entries.",)


def test_the_same_entry_twice_is_one_and_another_under_its_key_a_problem():
    found = reading.read(entry("year = 2020") + entry("year = 2020") + entry("year = 1999"))
    assert len(found.works) == 1
    assert [(repeat.position, repeat.earlier) for repeat in found.repeats] == [(2, 1)]
    assert [str(problem) for problem in found.problems] == ["Entry 3 (a): Entry 1 has the same id, for “A title”."]


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("pmid = {34449189}", "pmid", "34449189"),
        ("pmcid = {PMC123}", "pmcid", "PMC123"),
        ("pmc = {PMC123}", "pmcid", "PMC123"),
        ("eprint = {34449189}, eprinttype = {pubmed}", "pmid", "34449189"),
        ("eprint = {PMC9}, archiveprefix = {PMC}", "pmcid", "PMC9"),
        ("note = {PMID: 34449189}", "pmid", "34449189"),
        ("eprint = {2101.00001}, archivePrefix = {arXiv}", "url", "https://arxiv.org/abs/2101.00001"),
        ("doi = {10.1000/a\\_b}", "doi", "10.1000/a_b"),
        ("doi = {https://doi.org/10.1000/AB}", "doi", "10.1000/ab"),
        ("url = {https://doi.org/10.1000/ab}", "doi", "10.1000/ab"),
        ("issn = {0028-4793, 1533-4406}", "issn", "0028-4793"),
        ("isbn = {0-306-40615-2}", "isbn", "9780306406157"),
        ("url = {https://a.org/\\~me/a\\_b\\%20c}", "url", "https://a.org/~me/a_b%20c"),
        ("howpublished = {\\url{https://a.org/x}}", "url", "https://a.org/x"),
        ("pages = {284--7}", "pages", "284-287"),
        ("pages = {390--390}", "pages", "390"),
        ("number = {4}", "issue", "4"),
        ("eid = {e13}", "number", "e13"),
        ("urldate = {2022-11-04}", "accessed_on", datetime.date(2022, 11, 4)),
    ],
)
def test_fields(fields, name, value):
    assert getattr(one(fields), name) == value


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ("issn = {1234-5678}", "issn was left out"),
        ("isbn = {1234567890}", "isbn was left out"),
        ("nct = {NCT12}", "nct was left out"),
    ],
)
def test_what_is_left_out_is_told(fields, note):
    found = reading.read(entry(fields, key="k") + entry("", key="l"))
    assert len(found.works) == 2
    (told,) = found.notes
    assert told.startswith(f"Entry 1 (k): {note}: ")


def test_abbreviations_are_put_in_and_joined():
    (work,) = read(
        '@string{nejm = "New England " # j}\n@string{j = {Journal}}\n@STRING(jj = {J. })\n'
        '@article{a, title = jj # {of } # "Things", journal = jj, year = 2020}'
    )
    assert (work.title, work.container) == ("J. of Things", "J.")


JABREF = """% Encoding: UTF-8

@Article{Doe2020,
  author    = {Jane Doe and M{\\"{u}}ller, Karl},
  title     = {{SGLT2} inhibitors in practice},
  journal   = {Heart Notes},
  year      = {2020},
  volume    = {12},
  number    = {3},
  pages     = {100--110},
  month     = may,
  doi       = {10.1000/heart.2020},
  file      = {:Doe2020.pdf:PDF},
  groups    = {heart},
  timestamp = {2020-06-01},
}

@Comment{jabref-meta: databaseType:bibtex;}

@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:heart\\;0\\;1\\;\\;\\;\\;;
}
"""
BETTER_BIBTEX = """
@article{doeHeartFailure2020,
  title = {Heart Failure in {{Switzerland}}},
  author = {Doe, Jane and {Swiss Heart Group} and {van den Berg}, Jan},
  date = {2020-05-04},
  journaltitle = {Heart Notes},
  shortjournal = {Heart N},
  volume = {12},
  number = {3},
  eprint = {34449189},
  eprinttype = {pmid},
  pages = {100--110},
  issn = {0028-4793},
  doi = {10.1000/heart.2020},
  url = {https://example.org/a_b?x=1&y=2},
  urldate = {2021-01-02},
  abstract = {We asked. 50\\% answered.},
  langid = {english},
  keywords = {a,b},
  file = {/home/doe/x.pdf}
}
"""
MENDELEY = """Automatically generated by Mendeley Desktop 1.19
Any changes to this file will be lost if it is regenerated by Mendeley.

BibTeX export options can be customized via Options -> BibTeX

@article{Doe2020,
abstract = {{\\textless}p{\\textgreater}We asked.},
author = {Doe, Jane and Roe, Ann},
doi = {10.1000/heart.2020},
issn = {00284793},
journal = {Heart Notes},
keywords = {heart},
mendeley-groups = {Heart},
month = {may},
number = {3},
pages = {100--110},
pmid = {34449189},
title = {{Heart failure: a survey}},
url = {http://example.org/a{\\_}b},
volume = {12},
year = {2020}
}
"""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (JABREF, "SGLT2 inhibitors in practice"),
        (BETTER_BIBTEX, "Heart Failure in Switzerland"),
        (MENDELEY, "Heart failure: a survey"),
    ],
    ids=["jabref", "better-bibtex", "mendeley"],
)
def test_what_other_programs_write(text, title):
    assert reading.detected(text) == "bibtex"
    (work,) = read(text)
    assert (work.title, work.container, work.volume, work.issue) == (title, "Heart Notes", "12", "3")
    assert (work.pages, work.doi) == ("100-110", "10.1000/heart.2020")
    assert (work.year, work.month) == (2020, 5)
    assert work.authors[0] == {"family": "Doe", "given": "Jane"}


def test_better_bibtex_in_full():
    (work,) = read(BETTER_BIBTEX)
    assert work.authors[1] == {"literal": "Swiss Heart Group"}
    assert (work.issn, work.url) == ("0028-4793", "https://example.org/a_b?x=1&y=2")
    assert (work.key, work.container_short, work.abstract) == (
        "doeHeartFailure2020",
        "Heart N",
        "We asked. 50% answered.",
    )


def test_the_pmid_of_better_bibtex():
    (work,) = read(BETTER_BIBTEX)
    assert work.pmid == "34449189"


def test_mendeley_in_full():
    (work,) = read(MENDELEY)
    assert (work.pmid, work.issn, work.url) == ("34449189", "0028-4793", "http://example.org/a_b")


def test_written_keys_are_sound_and_differ():
    text = reading.write("bibtex", [{"id": key, "title": "T"} for key in ("a b", "a-b", "A{b", "", "é")])
    assert re.findall(r"^@misc\{(.*),$", text, re.M) == ["a-b", "a-b-2", "A-b-3", "work", "é"]


def test_what_is_written():
    text = bibtex.to_bibtex(
        [
            {
                "id": "doe-2020",
                "type": "article-journal",
                "title": "50% & more {x}",
                "author": [
                    {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
                    {"literal": "A and B"},
                ],
                "container-title": "Heart",
                "issued": {"date-parts": [[2020, 5, 4]]},
                "page": "1-9",
                "custom": {"kind": "cohort", "status": "retracted", "nct": "NCT00000001"},
            }
        ]
    )
    assert text == (
        "@article{doe-2020,\n"
        "  title = {{50\\% \\& more \\textbraceleft{}x\\textbraceright{}}},\n"
        "  author = {van den Berg, Jan and {{A and B}}},\n"
        "  journal = {Heart},\n"
        "  year = {2020},\n"
        "  month = may,\n"
        "  day = {4},\n"
        "  pages = {1--9},\n"
        "  nct = {NCT00000001},\n"
        "  imprimatur-kind = {cohort},\n"
        "  imprimatur-status = {retracted},\n"
        "}\n"
    )
