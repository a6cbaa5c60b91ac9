"""A policy of review in plain sentences, for everybody, and what one version says differently from another."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.policy import Policy


@dataclass(frozen=True)
class Sentence:
    """One rule in words. `items` are the lines of a list that it introduces."""

    text: str
    items: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """The rule in one line."""
        return f"{self.text} {'; '.join(self.items)}" if self.items else self.text


def sentences(policy: Policy) -> list[Sentence]:
    """Every rule of the policy, in the same order for each policy; what is not asked for is said too."""
    return [
        Sentence(_verdicts(policy)),
        Sentence(_specialties(policy)),
        Sentence(_independent(policy)),
        _checklist(policy),
        Sentence(
            ngettext(
                "Each member has %(count)d day for a review.",
                "Each member has %(count)d days for a review.",
                policy.days,
            )
            % {"count": policy.days}
        ),
        Sentence(
            ngettext(
                "An approved answer is due for review again after %(count)d month.",
                "An approved answer is due for review again after %(count)d months.",
                policy.review_again_after_months,
            )
            % {"count": policy.review_again_after_months}
        ),
        Sentence(_caution(policy)),
    ]


def changes(before: Policy, after: Policy) -> list[tuple[Sentence, Sentence]]:
    """What the rules said before and say now, for those that differ."""
    pairs = zip(sentences(before), sentences(after), strict=True)
    return [(old, new) for old, new in pairs if old != new]


def _verdicts(policy: Policy) -> str:
    approvals = ngettext(
        "%(count)d member of the board must approve an edition before it counts as approved.",
        "%(count)d members of the board must approve an edition before it counts as approved.",
        policy.approvals_needed,
    ) % {"count": policy.approvals_needed}
    if policy.verdicts_needed == policy.approvals_needed:
        return approvals
    asked = ngettext(
        "It is sent back or declined only when %(count)d member has given a verdict.",
        "It is sent back or declined only when %(count)d members have given a verdict.",
        policy.verdicts_needed,
    ) % {"count": policy.verdicts_needed}
    return f"{approvals} {asked}"


def _specialties(policy: Policy) -> str:
    if not policy.specialties:
        return _("No specialty is asked for among those who approve.")
    return _("Among those who approve is somebody of each of these specialties: %(names)s.") % {
        "names": ", ".join(policy.specialties)
    }


def _independent(policy: Policy) -> str:
    if policy.independent:
        return _("Members judge independently: nobody sees what another signed before they have signed themselves.")
    return _("Members may read what another signed before they sign themselves.")


def _checklist(policy: Policy) -> Sentence:
    if not policy.checklist:
        return Sentence(_("No checklist is answered."))
    items = tuple(item["label"] for item in policy.checklist)
    return Sentence(_("Each member answers these points, and signs the answers with the verdict:"), items)


def _caution(policy: Policy) -> str:
    if policy.caution_allowed:
        return _("An editor may make it public with a caution while its review is pending.")
    return _("It is never public before the board has approved it.")
