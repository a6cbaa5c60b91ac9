"""Details of a patient: what asks for a justification, and what does not."""

from __future__ import annotations

import pytest

from articles.checks.patient_details import check
from tests.articles.checks.reading import excerpts, found

ASKED = {
    "Mr John Smith was given 5 mg.": "Mr John Smith",
    "We saw Mrs. Jones in clinic.": "Mrs. Jones",
    "Ms O'Neill stopped it.": "Ms O'Neill",
    "Mr J. Smith, 54, came back.": "Mr J. Smith",
    "Miss A. B. Miller was well.": "Miss A. B. Miller",
    "The patient named Anna Berg was well.": "patient named Anna Berg",
    "Patient name: Anna Berg": "Patient name: Anna Berg",
    "MRN 123456 was admitted.": "MRN 123456",
    "MRN: A123456": "MRN: A123456",
    "Her medical record number is 00-1234-5.": "medical record number is 00-1234-5",
    "NHS number 943 476 5919": "NHS number 943 476 5919",
    "Hospital no. 4455667 applies.": "Hospital no. 4455667",
    "Her number is 078-05-1120.": "078-05-1120",
    "DOB 12/03/1961, on aspirin.": "DOB 12/03/1961",
    "DOB: 1961-03-12": "DOB: 1961-03-12",
    "Date of birth was 4 May 1961.": "Date of birth was 4 May 1961",
    "She was born on 4 May 1961 in Leeds.": "born on 4 May 1961",
    "He was born May 4th, 1961.": "born May 4th, 1961",
    "J.S., born 04.05.1961, took it.": "born 04.05.1961",
    "J.S. (4 May 1961) took it.": "J.S. (4 May 1961",
    "Miss Miller came.": "Miss Miller",
    "A case: **Mr John Smith** fell.": "Mr John Smith",
}
FINE = [
    "On 4 May 2024 her potassium was 5.9 mmol/L.",
    "A 63-year-old woman with COPD fell on 12/03/2023.",
    "HbA1c 48 mmol/mol (12 March 2024), 52 mmol/mol (3 June 2024).",
    "Smith et al. found no difference.",
    "Mr Smith et al. disagree.",
    "Graves' disease and Crohn’s disease are common.",
    "The MR CLEAN trial and Mr Fit were compared.".replace("Mr Fit", "MRFIT"),
    "The Mrs Smith trial was stopped.",
    "Dr Smith wrote the guideline.",
    "PMID 12345678 and NCT01234567 are cited.",
    "DOI 10.1000/182 of 2019.",
    "Children born in 2010 were followed.",
    "Infants born on or before 32 weeks.",
    "Patients were numbered 1 to 1234.",
    "Patient numbers: 1200 were randomised.",
    "The hospital number was small: 3 of 20.",
    "Do We Miss Cancers Following Screening?",
    "Miss rates were 5%. Master protocols were used.",
    "A. Smith and B. Jones, 2019.",
    "It ran from 4 May 2019 to 5 June 2020.",
    "Call 0800 123 4567 in an emergency.",
]


@pytest.mark.parametrize(("text", "piece"), ASKED.items())
def test_asks_about(text: str, piece: str):
    assert piece in excerpts(check, text)
    assert {one.severity for one in found(check, text)} == {"justify"}


@pytest.mark.parametrize("text", FINE)
def test_lets_pass(text: str):
    assert excerpts(check, text) == []


def test_looks_at_every_field_and_names_the_line():
    body = "First.\n\nThen\nMr John Smith\ncame."
    assert [(one.field, one.line) for one in found(check, body, question="Should Mr John Smith take it?")] == [
        ("question", 1),
        ("body", 4),
    ]


def test_each_detail_of_a_sentence_is_told_of_whatever_their_order():
    text = "Mrs Margaret Thornbury, born 3 May 1951, MRN 4471902, SSN 123-45-6789, bled."
    pieces = ["MRN 4471902", "Mrs Margaret Thornbury", "SSN 123-45-6789", "born 3 May 1951"]
    assert sorted(excerpts(check, text)) == pieces


def test_its_sentence_repeats_no_detail():
    assert not any("Smith" in one.message for one in found(check, "Mr John Smith"))
