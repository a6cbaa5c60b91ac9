"""Which words of a text name a drug: by the stems of international non-proprietary names, and a list of older names.

Stems: WHO, “The use of stems in the selection of International Nonproprietary Names (INN) for pharmaceutical
substances” (2018) and its later additions. Only stems that few other words end in are used; those words are excepted.
"""

from __future__ import annotations

import re
from functools import lru_cache

_STEMS_WORDS = """
    pril sartan olol dipine zosin statin fibrate gliflozin gliptin glutide glitazone parin xaban gatran grel prazole
    tidine setron triptan oxetine pramine triptyline zepam zolam barbital racetam dronate floxacin cillin mycin
    micin cycline oxacin azole conazole fungin vudine navir tegravir buvir asvir ciclovir amivir tinib ciclib parib
    rafenib lisib limus mab cept platin taxel rubicin poside bicin caine curonium profen coxib oxicam terol tropium
    lukast sone solone onide relin relix tide stim poetin kinra thiazide semide vaptan glinide azepine peridol apine
    peridone piprazole dopa giline capone mantine stigmine quine bendazole nidazole fenacin fylline phylline
"""
_STEMS = _STEMS_WORDS.split()
_NAMES_WORDS = """
    paracetamol acetaminophen aspirin ibuprofen naproxen diclofenac indometacin indomethacin morphine codeine
    oxycodone fentanyl tramadol methadone buprenorphine naloxone naltrexone gabapentin pregabalin valproate
    lamotrigine lithium carbamazepine phenytoin levetiracetam topiramate warfarin acenocoumarol heparin clopidogrel
    digoxin amiodarone verapamil diltiazem nitroglycerin furosemide spironolactone eplerenone finerenone sacubitril
    ivabradine hydralazine metformin insulin gliclazide glibenclamide glimepiride levothyroxine carbimazole
    prednisolone prednisone methylprednisolone hydrocortisone dexamethasone methotrexate azathioprine mercaptopurine
    ciclosporin cyclosporine cyclophosphamide sulfasalazine hydroxychloroquine leflunomide colchicine allopurinol
    febuxostat tamoxifen amoxicillin trimethoprim nitrofurantoin vancomycin metronidazole isoniazid rifampicin
    rifampin ethambutol pyrazinamide cotrimoxazole fluconazole aciclovir acyclovir oseltamivir sertraline citalopram
    escitalopram venlafaxine mirtazapine bupropion haloperidol clozapine olanzapine quetiapine risperidone
    salbutamol albuterol budesonide montelukast theophylline adrenaline epinephrine noradrenaline oxytocin
    misoprostol mifepristone ondansetron metoclopramide domperidone loperamide lactulose macrogol cetirizine
    loratadine chlorphenamine finasteride tamsulosin sildenafil tranexamic immunoglobulin ketamine propofol
"""
_NAMES = _NAMES_WORDS.split()
_NOT_DRUGS_WORDS = """
    cyclone hormone zone capsone bone stone tone alone phone drone clone done gone none one someone anyone everyone
    peptide nucleotide polypeptide neuropeptide dipeptide glycopeptide oligopeptide person reason season backbone
    milestone keystone gallstone cornerstone testosterone progesterone aldosterone cholesterone
    dehydroepiandrosterone cortisone hormones azole april accept concept except percept intercept precept mab quine
    sone tide dopa stim onide vaccine concepts accepts excepts triazole tetracycline-class cyanide chlorine carotide
    carotid cyclic routine canine chlorofluorocarbon machine medicine ozone semide terol benzophenone ketone acetone
    silicone histone lactone quinone methadone-like antibiotide gastide kidney
"""
_NOT_DRUGS = frozenset(_NOT_DRUGS_WORDS.split())
_SAME = {
    "acetaminophen": "paracetamol",
    "epinephrine": "adrenaline",
    "albuterol": "salbutamol",
    "rifampin": "rifampicin",
    "acyclovir": "aciclovir",
    "cyclosporine": "ciclosporin",
    "indomethacin": "indometacin",
}
"""Names in the United States and elsewhere of one drug."""
_WORD = re.compile(r"\b[A-Za-z][a-z]{4,}\b")
_ENDS = tuple(stem for stem in _STEMS if len(stem) >= 3)


@lru_cache(maxsize=20_000)
def is_drug(word: str) -> bool:
    """Whether one word names a drug."""
    low = word.lower()
    if low in _KNOWN:
        return True
    if low in _NOT_DRUGS or low.removesuffix("s") in _NOT_DRUGS:
        return False
    return len(low) >= 7 and low.endswith(_ENDS)


@lru_cache(maxsize=4_000)
def find(text: str) -> tuple[tuple[str, int, int], ...]:
    """The drugs that a text names, in small letters and under one name, each with its place."""
    return tuple(
        (_SAME.get(name, name), match.start(), match.end())
        for match in _WORD.finditer(text)
        if is_drug(match[0])
        for name in [match[0].lower()]
    )


_KNOWN = frozenset(_NAMES)
