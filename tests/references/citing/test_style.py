import pytest
from hypothesis import given

from references.citing.style import authors_line, source_line, vancouver, year
from references.formats.csl import to_csl
from tests.references.strategies import works

SEVEN = [{"family": f"Name{letter}", "given": letter} for letter in "ABCDEFG"]


def people(line: str) -> list[dict[str, str]]:
    """The names of a printed line: `Reyes AB, van der Berg C`; the last word of each are the initials."""
    return [dict(zip(("family", "given"), name.rsplit(" ", 1), strict=True)) for name in line.split(", ")]


def article(authors: list[dict[str, str]], title: str, journal: str, **fields: object) -> dict[str, object]:
    return {"type": "article-journal", "author": authors, "title": title, "container-title": journal, **fields}


def issued(*parts: int) -> dict[str, object]:
    return {"date-parts": [list(parts)]}


Y2002 = issued(2002)

# Samples of the National Library of Medicine for ICMJE's Recommendations (nlm.nih.gov/bsd/uniform_requirements.html),
# Citing Medicine in short, under their headings there. The works are real; the lines are theirs but for the house
# rules of docs/citing.md: no month and day where a journal has volumes, no count of pages.
JOURNAL_SAMPLES = {
    "standard article, month and day left out as the sample allows": (
        article(
            people("Halpern SD, Ubel PA, Caplan AL"),
            "Solid-organ transplantation in HIV-infected patients",
            "The New England Journal of Medicine",
            **{"container-title-short": "N. Engl. J. Med."},
            issued=issued(2002, 7, 25),
            volume="347",
            issue="4",
            page="284-287",
        ),
        "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. N Engl J Med. "
        "2002;347(4):284-7.",
    ),
    "more than six authors": (
        article(
            people("Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, Kochanek PM"),
            "Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury",
            "Brain Res",
            issued=Y2002,
            volume="935",
            issue="1–2",
            page="40–46",
        ),
        "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial "
        "excitatory amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6.",
    ),
    "with DOI, PMID and PMCID; an article number for pages": (
        article(
            people("Zhang M, Holman CD, Price SD, Sanfilippo FM, Preen DB, Bulsara MK"),
            "Comorbidity and repeat admission to hospital for adverse drug reactions in older adults: retrospective "
            "cohort study",
            "BMJ",
            issued=issued(2009, 1, 7),
            volume="338",
            number="a2752",
            DOI="10.1136/bmj.a2752",
            PMID="19129307",
            PMCID="PMC2615549",
        ),
        "Zhang M, Holman CD, Price SD, Sanfilippo FM, Preen DB, Bulsara MK. Comorbidity and repeat admission to "
        "hospital for adverse drug reactions in older adults: retrospective cohort study. BMJ. 2009;338:a2752. "
        "doi: 10.1136/bmj.a2752. PubMed PMID: 19129307; PubMed Central PMCID: PMC2615549.",
    ),
    "organisation as author": (
        article(
            [{"literal": "Diabetes Prevention Program Research Group"}],
            "Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance",
            "Hypertension",
            issued=Y2002,
            volume="40",
            issue="5",
            page="679-686",
        ),
        "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with "
        "impaired glucose tolerance. Hypertension. 2002;40(5):679-86.",
    ),
    "people and an organisation": (
        article(
            [
                *people("Vallancien G, Emberton M, Harving N"),
                {"family": "Moorselaar", "given": "R J", "non-dropping-particle": "van"},
                {"literal": "Alf-One Study Group"},
            ],
            "Sexual dysfunction in 1,274 European men suffering from lower urinary tract symptoms",
            "J Urol",
            issued=issued(2003),
            volume="169",
            issue="6",
            page="2257-2261",
        ),
        "Vallancien G, Emberton M, Harving N, van Moorselaar RJ; Alf-One Study Group. Sexual dysfunction in 1,274 "
        "European men suffering from lower urinary tract symptoms. J Urol. 2003;169(6):2257-61.",
    ),
    "no author": (
        article(
            [],
            "21st century heart solution may have a sting in the tail",
            "BMJ",
            issued=Y2002,
            volume="325",
            issue="7357",
            page="184",
        ),
        "21st century heart solution may have a sting in the tail. BMJ. 2002;325(7357):184.",
    ),
    "volume with supplement": (
        article(
            people("Geraud G, Spierings EL, Keywood C"),
            "Tolerability and safety of frovatriptan with short- and long-term use for treatment of migraine and in "
            "comparison with sumatriptan",
            "Headache",
            issued=Y2002,
            volume="42",
            issue="suppl_2",
            page="S93-S99",
        ),
        "Geraud G, Spierings EL, Keywood C. Tolerability and safety of frovatriptan with short- and long-term use for "
        "treatment of migraine and in comparison with sumatriptan. Headache. 2002;42 Suppl 2:S93-9.",
    ),
    "issue with supplement": (
        article(
            people("Glauser TA"),
            "Integrating clinical trial data into clinical practice",
            "Neurology",
            issued=Y2002,
            volume="58",
            issue="12, Supplement 7",
            page="S6-S12",
        ),
        "Glauser TA. Integrating clinical trial data into clinical practice. Neurology. 2002;58(12 Suppl 7):S6-12.",
    ),
    "volume with part": (
        article(
            people("Abend SM, Kulish N"),
            "The psychoanalytic method from an epistemological viewpoint",
            "Int J Psychoanal",
            issued=Y2002,
            volume="83",
            issue="Part 2",
            page="491-495",
        ),
        "Abend SM, Kulish N. The psychoanalytic method from an epistemological viewpoint. Int J Psychoanal. "
        "2002;83(Pt 2):491-5.",
    ),
    "issue with part": (
        article(
            people("Ahrar K, Madoff DC, Gupta S, Wallace MJ, Price RE, Wright KC"),
            "Development of a large animal model for lung tumors",
            "J Vasc Interv Radiol",
            issued=Y2002,
            volume="13",
            issue="9 Pt 1",
            page="923-928",
        ),
        "Ahrar K, Madoff DC, Gupta S, Wallace MJ, Price RE, Wright KC. Development of a large animal model for lung "
        "tumors. J Vasc Interv Radiol. 2002;13(9 Pt 1):923-8.",
    ),
    "issue without volume": (
        article(
            people("Banit DM, Kaufer H, Hartford JM"),
            "Intraoperative frozen section analysis in revision total joint arthroplasty",
            "Clin Orthop",
            issued=Y2002,
            issue="401",
            page="230-238",
        ),
        "Banit DM, Kaufer H, Hartford JM. Intraoperative frozen section analysis in revision total joint arthroplasty. "
        "Clin Orthop. 2002;(401):230-8.",
    ),
    "neither volume nor issue, so the month stays": (
        article(
            [],
            "Outreach: bringing HIV-positive individuals into care",
            "HRSA Careaction",
            issued=issued(2002, 6),
            page="1-6",
        ),
        "Outreach: bringing HIV-positive individuals into care. HRSA Careaction. 2002 Jun:1-6.",
    ),
    "Roman page numbers": (
        article(
            people("Chadwick R, Schuklenk U"),
            "The politics of ethical consensus finding",
            "Bioethics",
            issued=Y2002,
            volume="16",
            issue="2",
            page="iii–v",
        ),
        "Chadwick R, Schuklenk U. The politics of ethical consensus finding. Bioethics. 2002;16(2):iii-v.",
    ),
    "what sort of article": (
        article(
            people("Tor M, Turker H"),
            "International approaches to the prescription of long-term oxygen therapy",
            "Eur Respir J",
            genre="Letter",
            issued=Y2002,
            volume="20",
            issue="1",
            page="242",
        ),
        "Tor M, Turker H. International approaches to the prescription of long-term oxygen therapy [letter]. "
        "Eur Respir J. 2002;20(1):242.",
    ),
    "an abstract in a supplement": (
        article(
            people("Lofwall MR, Strain EC, Brooner RK, Kindbom KA, Bigelow GE"),
            "Characteristics of older methadone maintenance (MM) patients",
            "Drug Alcohol Depend",
            genre="abstract",
            issued=Y2002,
            volume="66 Suppl. 1",
            page="S105",
        ),
        "Lofwall MR, Strain EC, Brooner RK, Kindbom KA, Bigelow GE. Characteristics of older methadone maintenance "
        "(MM) patients [abstract]. Drug Alcohol Depend. 2002;66 Suppl 1:S105.",
    ),
    "newspaper, without its section, which the library does not hold": (
        {
            **article(
                people("Tynan T"),
                "Medical improvements lower homicide rate: study sees drop in assault rate",
                "The Washington Post",
                issued=issued(2002, 8, 12),
                page="2",
            ),
            "type": "article-newspaper",
        },
        "Tynan T. Medical improvements lower homicide rate: study sees drop in assault rate. The Washington Post. "
        "2002 Aug 12:2.",
    ),
    "journal article that only an address leads to": (
        article(
            people("Abood S"),
            "Quality improvement initiative in nursing homes: the ANA acts in an advisory role",
            "Am J Nurs",
            issued=issued(2002, 6),
            accessed=issued(2002, 8, 12),
            volume="102",
            issue="6",
            URL="http://www.nursingworld.org/AJN/2002/june/Wawatch.htm",
        ),
        "Abood S. Quality improvement initiative in nursing homes: the ANA acts in an advisory role. Am J Nurs "
        "[Internet]. 2002 [cited 2002 Aug 12];102(6). "
        "Available from: http://www.nursingworld.org/AJN/2002/june/Wawatch.htm",
    ),
}


@pytest.mark.parametrize("sample", JOURNAL_SAMPLES)
def test_journal_articles_as_the_guide_has_them(sample):
    csl, line = JOURNAL_SAMPLES[sample]
    assert vancouver(csl) == line


CONFERENCE = (
    "Genetic programming. EuroGP 2002: Proceedings of the 5th European Conference on Genetic Programming; "
    "2002 Apr 3-5; Kinsdale, Ireland"
)
OTHER_SAMPLES = {
    "book with edition and place": (
        {
            "type": "book",
            "author": people("Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA"),
            "title": "Medical microbiology",
            "edition": "4",
            "publisher-place": "St. Louis",
            "publisher": "Mosby",
            "issued": Y2002,
        },
        "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. St. Louis: Mosby; 2002.",
    ),
    "editors as authors, with a suffix": (
        {
            "type": "book",
            "editor": [
                {"family": "Gilstrap", "given": "L C", "suffix": "III"},
                *people("Cunningham FG, VanDorsten JP"),
            ],
            "title": "Operative obstetrics",
            "edition": "2nd edition",
            "publisher-place": "New York",
            "publisher": "McGraw-Hill",
            "issued": Y2002,
        },
        "Gilstrap LC 3rd, Cunningham FG, VanDorsten JP, editors. Operative obstetrics. 2nd ed. New York: McGraw-Hill; "
        "2002.",
    ),
    "authors and an editor": (
        {
            "type": "book",
            "author": people("Breedlove GK, Schorfheide AM"),
            "editor": people("Wieczorek RR"),
            "title": "Adolescent pregnancy",
            "edition": "Second",
            "publisher-place": "White Plains (NY)",
            "publisher": "March of Dimes Education Services",
            "issued": issued(2001),
        },
        "Breedlove GK, Schorfheide AM. Adolescent pregnancy. 2nd ed. Wieczorek RR, editor. White Plains (NY): March of "
        "Dimes Education Services; 2001.",
    ),
    "organisation as author, without the count of pages": (
        {
            "type": "book",
            "author": [{"literal": "Advanced Life Support Group"}],
            "title": "Acute medical emergencies: the practical approach",
            "publisher-place": "London",
            "publisher": "BMJ Books",
            "issued": issued(2001),
        },
        "Advanced Life Support Group. Acute medical emergencies: the practical approach. London: BMJ Books; 2001.",
    ),
    "chapter": (
        {
            "type": "chapter",
            "author": people("Meltzer PS, Kallioniemi A, Trent JM"),
            "title": "Chromosome alterations in human solid tumors",
            "editor": people("Vogelstein B, Kinzler KW"),
            "container-title": "The genetic basis of human cancer",
            "publisher-place": "New York",
            "publisher": "McGraw-Hill",
            "issued": Y2002,
            "page": "93-113",
        },
        "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: Vogelstein B, Kinzler "
        "KW, editors. The genetic basis of human cancer. New York: McGraw-Hill; 2002. p. 93-113.",
    ),
    "conference paper, the conference being part of the book's title": (
        {
            "type": "paper-conference",
            "author": people("Christensen S, Oppacher F"),
            "title": "An analysis of Koza's computational effort statistic for genetic programming",
            "editor": people("Foster JA, Lutton E, Miller J, Ryan C, Tettamanzi AG"),
            "container-title": CONFERENCE,
            "publisher-place": "Berlin",
            "publisher": "Springer",
            "issued": Y2002,
            "page": "182-191",
        },
        "Christensen S, Oppacher F. An analysis of Koza's computational effort statistic for genetic programming. "
        f"In: Foster JA, Lutton E, Miller J, Ryan C, Tettamanzi AG, editors. {CONFERENCE}. Berlin: Springer; 2002. "
        "p. 182-91.",
    ),
    "report, without its contract and sponsor": (
        {
            "type": "report",
            "author": people("Russell ML, Goth-Goldstein R, Apte MG, Fisk WJ"),
            "title": "Method for measuring the size distribution of airborne Rhinovirus",
            "publisher-place": "Berkeley (CA)",
            "publisher": "Lawrence Berkeley National Laboratory, Environmental Energy Technologies Division",
            "issued": issued(2002, 1),
            "number": "LBNL49574",
        },
        "Russell ML, Goth-Goldstein R, Apte MG, Fisk WJ. Method for measuring the size distribution of airborne "
        "Rhinovirus. Berkeley (CA): Lawrence Berkeley National Laboratory, Environmental Energy Technologies Division; "
        "2002 Jan. Report No.: LBNL49574.",
    ),
    "dissertation": (
        {
            "type": "thesis",
            "author": people("Borkowski MM"),
            "title": "Infant sleep and feeding: a telephone survey of Hispanic Americans",
            "genre": "PhD thesis",
            "publisher-place": "Mount Pleasant (MI)",
            "publisher": "Central Michigan University",
            "issued": Y2002,
        },
        "Borkowski MM. Infant sleep and feeding: a telephone survey of Hispanic Americans [dissertation]. "
        "Mount Pleasant (MI): Central Michigan University; 2002.",
    ),
    "entry of a dictionary": (
        {
            "type": "entry",
            "title": "Filamin",
            "container-title": "Dorland's illustrated medical dictionary",
            "edition": "29th ed.",
            "publisher-place": "Philadelphia",
            "publisher": "W.B. Saunders",
            "issued": issued(2000),
            "page": "675",
        },
        "Dorland's illustrated medical dictionary. 29th ed. Philadelphia: W.B. Saunders; 2000. Filamin; p. 675.",
    ),
    "book on the Internet": (
        {
            "type": "book",
            "editor": people("Foley KM, Gelband H"),
            "title": "Improving palliative care for cancer",
            "publisher-place": "Washington",
            "publisher": "National Academy Press",
            "issued": issued(2001),
            "accessed": issued(2002, 7, 9),
            "URL": "https://www.nap.edu/catalog/10149/improving-palliative-care-for-cancer",
        },
        "Foley KM, Gelband H, editors. Improving palliative care for cancer [Internet]. Washington: National Academy "
        "Press; 2001 [cited 2002 Jul 9]. "
        "Available from: https://www.nap.edu/catalog/10149/improving-palliative-care-for-cancer",
    ),
    "web site, without its range of years and its update": (
        {
            "type": "webpage",
            "title": "Cancer-Pain.org",
            "publisher-place": "New York",
            "publisher": "Association of Cancer Online Resources, Inc.",
            "issued": issued(2000),
            "accessed": issued(2002, 7, 9),
            "URL": "http://www.cancer-pain.org/",
        },
        "Cancer-Pain.org [Internet]. New York: Association of Cancer Online Resources, Inc.; 2000 [cited 2002 Jul 9]. "
        "Available from: http://www.cancer-pain.org/.",
    ),
    "part of a web site, likewise, the publisher in full": (
        {
            "type": "webpage",
            "title": "AMA Office of Group Practice Liaison",
            "container-title": "American Medical Association",
            "publisher-place": "Chicago",
            "publisher": "American Medical Association",
            "issued": issued(1995),
            "accessed": issued(2002, 8, 12),
            "URL": "http://www.ama-assn.org/ama/pub/category/1736.html",
        },
        "American Medical Association [Internet]. Chicago: American Medical Association; 1995 [cited 2002 Aug 12]. "
        "AMA Office of Group Practice Liaison. Available from: http://www.ama-assn.org/ama/pub/category/1736.html",
    ),
    "preprint, the date in the guide's order and the DOI as such": (
        {
            "type": "article",
            "author": people("Bar DZ, Atkatsh K, Tavarez U, Erdos MR, Gruenbaum Y, Collins FS"),
            "title": "Biotinylation by antibody recognition- A novel method for proximity labeling",
            "container-title": "BioRxiv",
            "number": "069187",
            "issued": issued(2016, 8, 11),
            "accessed": issued(2017, 1, 12),
            "DOI": "10.1101/069187",
        },
        "Bar DZ, Atkatsh K, Tavarez U, Erdos MR, Gruenbaum Y, Collins FS. Biotinylation by antibody recognition- A "
        "novel method for proximity labeling. BioRxiv 069187 [Preprint]. 2016 Aug 11 [cited 2017 Jan 12]. "
        "doi: 10.1101/069187.",
    ),
    # Citing Medicine, chapter 24, parts of databases, as registers of trials quote it; without the count of screens.
    "trial registration": (
        {
            "type": "webpage",
            "title": "Sleep disorders and gastroesophageal reflux disease (GERD)",
            "issued": issued(2006, 2, 3),
            "accessed": issued(2007, 2, 22),
            "URL": "http://clinicaltrials.gov/ct/show/NCT00287391?order=1",
            "custom": {"kind": "trial-registration", "nct": "NCT00287391"},
        },
        "ClinicalTrials.gov [Internet]. Bethesda (MD): National Library of Medicine (US). 2000 Feb 29 - . "
        "Identifier NCT00287391, Sleep disorders and gastroesophageal reflux disease (GERD); 2006 Feb 3 "
        "[cited 2007 Feb 22]. Available from: http://clinicaltrials.gov/ct/show/NCT00287391?order=1",
    ),
}


@pytest.mark.parametrize("sample", OTHER_SAMPLES)
def test_other_forms_as_the_guide_has_them(sample):
    csl, line = OTHER_SAMPLES[sample]
    assert vancouver(csl) == line


NICE = {"literal": "National Institute for Health and Care Excellence"}
LABEL = {
    "type": "report",
    "title": "Jardiance (empagliflozin) tablets, for oral use",
    "author": [{"literal": "Boehringer Ingelheim Pharmaceuticals, Inc."}],
    "publisher": "Boehringer Ingelheim",
    "issued": issued(2023),
    "custom": {"kind": "drug-label"},
}
HOUSE = {
    "guideline as a report, its publisher being its author": (
        {
            "type": "report",
            "title": "Low back pain and sciatica in over 16s: assessment and management (NICE guideline NG59)",
            "author": [NICE],
            "publisher": NICE["literal"],
            "issued": issued(2016),
            "URL": "https://www.nice.org.uk/guidance/ng59",
        },
        "National Institute for Health and Care Excellence. Low back pain and sciatica in over 16s: assessment and "
        "management (NICE guideline NG59) [Internet]. 2016. Available from: https://www.nice.org.uk/guidance/ng59",
    ),
    "guideline as an article": (
        article(
            [{"literal": "The Task Force"}],
            "Guideline on atrial fibrillation?",
            "Eur Heart J",
            issued=issued(2024, 8, 30),
            volume="45",
            page="3314-414",
            custom={"kind": "guideline"},
        ),
        "Task Force. Guideline on atrial fibrillation? Eur Heart J. 2024;45:3314-414.",
    ),
    "drug label": (
        LABEL,
        "Boehringer Ingelheim Pharmaceuticals, Inc. Jardiance (empagliflozin) tablets, for oral use [package insert]. "
        "Boehringer Ingelheim; 2023.",
    ),
    "drug label on the Internet": (
        {**LABEL, "URL": "https://a.org/label", "accessed": issued(2024, 1, 2)},
        "Boehringer Ingelheim Pharmaceuticals, Inc. Jardiance (empagliflozin) tablets, for oral use [package insert on "
        "the Internet]. Boehringer Ingelheim; 2023 [cited 2024 Jan 2]. Available from: https://a.org/label",
    ),
    "drug label whose title says that it is one": (
        {**LABEL, "title": "Eliquis: prescribing information"},
        "Boehringer Ingelheim Pharmaceuticals, Inc. Eliquis: prescribing information. Boehringer Ingelheim; 2023.",
    ),
    "trial registration with its sponsor": (
        {
            "type": "webpage",
            "title": "Trial of alpha",
            "author": [{"literal": "Pfizer"}],
            "custom": {"kind": "trial-registration", "nct": "NCT01234567"},
        },
        "Pfizer. Trial of alpha. In: ClinicalTrials.gov [Internet]. Bethesda (MD): National Library of Medicine (US). "
        "2000 Feb 29 - . Identifier NCT01234567; [date unknown].",
    ),
    "trial registration elsewhere": (
        {
            "type": "webpage",
            "title": "Trial of beta",
            "container-title": "ISRCTN registry",
            "number": "ISRCTN12345678",
            "issued": issued(2020, 5),
            "custom": {"kind": "trial-registration"},
        },
        "ISRCTN registry [Internet]. Identifier ISRCTN12345678, Trial of beta; 2020 May.",
    ),
    "article of a trial that is registered": (
        article([], "T", "Lancet", issued=issued(2020), volume="1", custom={"kind": "randomised-trial", "nct": "NCT1"}),
        "T. Lancet. 2020;1.",
    ),
    "preprint in its second version": (
        {"type": "article", "title": "T", "publisher": "medRxiv", "version": "2", "issued": issued(2020, 4, 22)},
        "T. medRxiv [Preprint]. Version 2. 2020 Apr 22.",
    ),
    "preprint of no known server": ({"type": "article", "title": "T?"}, "T? [Preprint]. [date unknown]."),
    "master's thesis": (
        {"type": "thesis", "title": "T", "genre": "Master thesis", "publisher": "U", "issued": issued(2001)},
        "T [master's thesis]. U; 2001.",
    ),
    "volume and series of a book, with a DOI and an address that nobody noted to have read": (
        {
            "type": "book",
            "title": "T",
            "volume": "2",
            "edition": "revised",
            "collection-title": "Ciba Foundation symposium",
            "number": "244",
            "publisher": "P",
            "issued": issued(2006, 3),
            "ISBN": "9780781745246",
            "DOI": "10.1000/x(1)<2>",
            "URL": "https://doi.org/10.1000/x",
        },
        "T. revised ed. Vol. 2. P; 2006. (Ciba Foundation symposium; 244). ISBN: 9780781745246. doi: 10.1000/x(1)<2>.",
    ),
    "web page of no date with authors of its own": (
        {
            "type": "webpage",
            "title": "Ascariasis",
            "author": people("Reyes A"),
            "container-title": "CDC",
            "URL": "https://a.org/b",
        },
        "Reyes A. Ascariasis. In: CDC [Internet]. [date unknown]. Available from: https://a.org/b",
    ),
    "web page whose author is its site": (
        {
            "type": "webpage",
            "title": "Ascariasis.",
            "author": [{"literal": "CDC"}],
            "container-title": "CDC",
            "publisher": "CDC",
            "issued": issued(2020, 3),
        },
        "CDC. Ascariasis [Internet]. 2020 Mar.",
    ),
    "web page with nothing else": (
        {"type": "webpage", "title": "Ascariasis"},
        "Ascariasis [Internet]. [date unknown].",
    ),
    "dataset": (
        {"type": "dataset", "title": "T", "publisher": "Dryad", "issued": issued(2017, 8, 11), "DOI": "10.1000/x"},
        "T [dataset]. Dryad; 2017 Aug 11. doi: 10.1000/x.",
    ),
    "conference paper in a journal": (
        {"type": "paper-conference", "title": "T", "container-title": "J", "volume": "3", "issued": issued(2001)},
        "T. J. 2001;3.",
    ),
    "article of which only the PMID is known": (
        {"type": "article-journal", "title": "T", "PMID": "34449189", "URL": "https://a.org"},
        "T. [date unknown]. PubMed PMID: 34449189.",
    ),
    "title that ends in a quotation": (
        article([], "Is it “safe?”", "BMJ", issued=issued(2001), volume="1"),
        "Is it “safe?” BMJ. 2001;1.",
    ),
    "works frozen before forms were kept": (
        {"type": "document", "title": "A label", "publisher": "Pfizer", "DOI": "10.1000/x", "URL": "https://a.org"},
        "A label. Pfizer; [date unknown]. doi: 10.1000/x.",
    ),
}


@pytest.mark.parametrize("rule", HOUSE)
def test_what_the_house_decides_where_the_guide_has_no_sample(rule):
    csl, line = HOUSE[rule]
    assert vancouver(csl) == line


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"family": "Reyes", "given": "Ana María Luisa"}, "Reyes AM"),
        ({"family": "Sartre", "given": "Jean-Paul"}, "Sartre JP"),
        ({"family": "Sartre", "given": "J.-P."}, "Sartre JP"),
        ({"family": "Lee", "given": "JA"}, "Lee JA"),
        ({"family": "Lee", "given": "J A"}, "Lee JA"),
        ({"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}, "van den Berg J"),
        ({"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"}, "von Humboldt A"),
        ({"family": "King", "given": "Martin", "suffix": "III"}, "King M 3rd"),
        ({"family": "King", "given": "Martin", "suffix": "Jr."}, "King M Jr"),
        ({"literal": "The EMPA-KIDNEY Collaborative Group"}, "EMPA-KIDNEY Collaborative Group"),
        ({"family": "Ørsted", "given": "øystein"}, "Ørsted Ø"),
        ({"family": "王", "given": "小明"}, "王 小明"),
        ({"family": "Plato"}, "Plato"),
        ({"literal": "World Health Organization"}, "World Health Organization"),
    ],
)
def test_names(name, shown):
    assert authors_line({"author": [name]}) == shown


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ([], ""),
        (SEVEN[:3], "NameA A, NameB B, NameC C"),
        (SEVEN[:4], "NameA A, NameB B, NameC C, et al."),
        ([SEVEN[0], {"literal": "et al."}], "NameA A, et al."),
        ([SEVEN[0], {"literal": "Group, The"}, SEVEN[1]], "NameA A; Group, The; NameB B"),
    ],
)
def test_the_first_three_authors(authors, shown):
    assert authors_line({"author": authors}) == shown


@pytest.mark.parametrize(
    ("pages", "shown"),
    [
        ("284-287", "284-7"),
        ("284–297", "284-97"),
        ("998-1003", "998-1003"),
        ("S12-S15", "S12-5"),
        ("e1-e156", "e1-156"),
        ("126A-127A", "126A-127A"),
        ("121-128.e2", "121-128.e2"),
        ("991.e1-991.e8", "991.e1-991.e8"),
        ("iii1-iii55", "iii1-55"),
        ("284-7", "284-7"),
        ("284-284", "284-284"),
        ("12-15, 20-29", "12-5, 20-9"),
        ("iii–v", "iii-v"),
        ("CD007612", "CD007612"),
    ],
)
def test_page_ranges(pages, shown):
    assert vancouver({"type": "article-journal", "title": "T", "volume": "1", "page": pages}) == (
        f"T. [date unknown];1:{shown}."
    )


@pytest.mark.parametrize(
    ("csl", "shown"),
    [
        ({"container-title": "Brain", "publisher": "OUP"}, "Brain"),
        ({"publisher": "NICE"}, "NICE"),
        ({"type": "webpage", "URL": "https://www.cdc.gov/x"}, "cdc.gov"),
        ({"type": "article-journal", "URL": "https://pubmed.ncbi.nlm.nih.gov/1/"}, ""),
        ({}, ""),
    ],
)
def test_the_source(csl, shown):
    assert source_line(csl) == shown


def test_the_year():
    assert year({"issued": {"date-parts": [[2021, 3]]}}) == 2021
    assert year({}) is None


@given(works())
def test_every_work_can_be_cited_in_one_line(work):
    csl = to_csl(work)
    line = vancouver(csl)
    assert line == line.strip()
    assert work.title in line
    assert "\n" not in line + authors_line(csl) + source_line(csl)
    assert year(csl) == work.year
