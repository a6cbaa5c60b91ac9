"""Terms of the glossary for the sample site, of our own writing: what its answers mention."""

from __future__ import annotations

TERMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("atrial fibrillation", "a fast, uneven heartbeat", ("AF",)),
    ("anticoagulant", "a medicine that keeps blood from clotting", ("DOAC", "direct oral anticoagulant")),
    ("haemoglobin", "the part of blood that carries oxygen", ("hemoglobin",)),
    ("hepcidin", "a hormone that limits how much iron the body takes up", ()),
    ("ferritin", "a blood test that shows the iron stores", ()),
    ("kidney function", "how well the kidneys clean the blood", ("eGFR", "renal function")),
    ("pre-eclampsia", "high blood pressure with organ strain in pregnancy", ("preeclampsia",)),
    ("placebo", "a dummy treatment", ()),
    ("randomised trial", "a study in which chance decides who gets what", ("randomized trial", "RCT")),
    ("stroke", "damage to the brain from a blocked or burst vessel", ()),
    ("immunoglobulin", "antibodies from donated blood", ("IVIg", "IVIG")),
    ("pneumonia", "an infection of the lungs", ()),
    ("ketoacidosis", "dangerous acid in the blood", ("DKA",)),
    ("NSAID", "a pain tablet such as ibuprofen", ("non-steroidal anti-inflammatory drug",)),
    ("SSRI", "a common type of antidepressant", ("selective serotonin reuptake inhibitor",)),
)
"""Term, plain wording, other spellings."""
