"""The kinds of answers that every site begins with; editors change them and add others in the desk."""

from django.db import migrations

KINDS = (
    (
        "treatment-choice",
        "Treatment choice",
        "Which of several treatments suits whom, at which dose, for how long.",
        (
            ("Who this is for", "The people whom the evidence covers, and those whom it leaves out."),
            (
                "The options",
                "Each option with what it does, its dose and its duration. A table helps where there are three or more.",
            ),
            (
                "What the evidence says",
                "Effects in absolute numbers, over which time, from which studies, and how certain they are.",
            ),
            ("Harms and what to watch for", "Frequent and grave harms, interactions, and what to check when."),
            ("How to choose", "What tips the balance: other illnesses, other medicines, wishes, cost."),
            ("What is not known", "Where evidence is missing or disagrees."),
        ),
    ),
    (
        "diagnosis",
        "Diagnosis",
        "What may be behind a finding, which test to do first, what a result means.",
        (
            (
                "When to think of it",
                "Symptoms and findings, and what makes the illness likely or unlikely before any test.",
            ),
            ("What must not be missed", "Grave causes and the signs that call for action the same day."),
            (
                "Which test first",
                "Sensitivity and specificity with their intervals, and what the test asks of the patient.",
            ),
            ("What a result means", "How likely the illness is after a positive and after a negative result."),
            ("What comes next", "The next step for each result."),
            ("What is not known", "Where evidence is missing or disagrees."),
        ),
    ),
    (
        "coverage",
        "Coverage or medical necessity",
        "When a treatment, test or device is medically necessary, and what shows it.",
        (
            ("What is asked for", "The service, its usual use, and the standing of its licence."),
            ("When it is medically necessary", "The criteria, each with its source: guideline, label or study."),
            ("When it is not", "Uses that the evidence does not support, and why."),
            ("What to document", "Findings, earlier treatments and scores that show that the criteria are met."),
            ("How long, and when to look again", "Duration, measures of success, and when to stop."),
        ),
    ),
    (
        "drug-safety",
        "Drug safety",
        "A harm, an interaction, use in pregnancy, in kidney or liver disease, an overdose.",
        (
            (
                "How great the risk is",
                "In absolute numbers, against whom, over which time. Say where only reports exist.",
            ),
            ("Who is at higher risk", "Age, other illnesses, other medicines, doses."),
            ("What to check and when", "Before the first dose, and later."),
            ("What to do when it happens", "Stop, lower, change or go on; whom to call."),
            ("What else could be used", "Alternatives with their own risks."),
        ),
    ),
    (
        "follow-up-care",
        "Follow-up care",
        "What to check after a diagnosis or a treatment, how often, and when to stop.",
        (
            ("What follow-up is for", "What is to be found or prevented, and what that changes for the patient."),
            ("What to check, and when", "A table: what, when, by whom."),
            ("Signs to act on early", "What the patient and the team should not wait with."),
            ("What the patient can do", "Living, self-checks, support."),
            ("When follow-up can end", "And what would start it again."),
        ),
    ),
)


def seed(apps, schema_editor):
    kind = apps.get_model("articles", "AnswerKind")
    for position, (slug, name, description, sections) in enumerate(KINDS, start=1):
        kind.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "description": description,
                "position": position * 10,
                "version": 1,
                "sections": [{"heading": heading, "guidance": guidance} for heading, guidance in sections],
            },
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_comments")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
