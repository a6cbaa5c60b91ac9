"""The site's own texts, one row, edited in the desk and versioned."""

from __future__ import annotations

import reversion
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.emergencies import NUMBERS, crisis_text_for, text_for


class Site(models.Model):
    """What this installation says of itself. There is one row; `articles.site.current` makes it where it is missing."""

    name = models.CharField(_("site name"), max_length=80, default="Imprimatur")
    tagline = models.CharField(
        _("tagline"), max_length=160, blank=True, default="Clinical answers, with their review in plain sight"
    )
    contact = models.EmailField(_("contact address"), blank=True)
    licence = models.CharField(_("licence of the texts"), max_length=200, default="© the authors. All rights reserved.")
    disclaimer = models.TextField(
        _("disclaimer, professional register"),
        default=(
            "This answer summarises published evidence for education. It does not replace clinical judgement, local "
            "guidance or the product information, and it is not a directive for the care of any one patient."
        ),
    )
    disclaimer_plain = models.TextField(
        _("disclaimer, plain register"),
        default=(
            "This page is for learning. It can't tell you what is right for you. Talk with your doctor, nurse or "
            "pharmacist before you start, stop or change any treatment."
        ),
    )
    country = models.CharField(
        _("country, for the emergency number"),
        max_length=2,
        blank=True,
        default="",
        choices=[(code, name) for code, (name, _number) in NUMBERS.items() if code],
    )
    emergency_text = models.TextField(
        _("emergency text"),
        blank=True,
        help_text=_("Leave empty for the usual sentence of the chosen country."),
    )
    policy_preface = models.TextField(
        _("preface of the editorial policy"),
        blank=True,
        default=(
            "Every answer here is written by named authors from published evidence, and is read word for word by "
            "members of our medical advisory board before it counts as approved."
        ),
    )
    about = models.TextField(_("about this site"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(name="site_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def emergency(self) -> str:
        """The emergency text of every page."""
        return self.emergency_text or text_for(self.country)

    @property
    def crisis(self) -> str:
        """What somebody in despair can do at once, by the country."""
        return crisis_text_for(self.country)


reversion.register(Site, exclude=["updated_at"])
