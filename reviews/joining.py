"""What a merge of two works means where two events become one: one entry to look at again, and nobody told twice."""

from __future__ import annotations

from people.models import Notification
from references.identity.merging import when_events_join
from references.models import Event
from reviews.models import ReReview


@when_events_join
def join_re_reviews(kept: Event, gone: Event) -> None:
    """Move the entries of the event that goes. Where an edition has both, one stays, closed if either was decided."""
    here = {row.edition_id: row for row in ReReview.objects.select_for_update().filter(event=kept).order_by("pk")}
    for row in ReReview.objects.select_for_update().filter(event=gone).order_by("pk"):
        twin = here.get(row.edition_id)
        if twin is None:
            row.event = kept
            row.save(update_fields=["event"])
            continue
        if row.closed_at is not None:
            decisions = [each.decision for each in (twin, row) if each.closed_at is not None]
            twin.decision = "\n".join(dict.fromkeys(decisions))
            if twin.closed_at is None:
                twin.closed_at, twin.closed_by = row.closed_at, row.closed_by
        twin.opened_at = min(twin.opened_at, row.opened_at)
        twin.save()
        row.delete()


@when_events_join
def join_news(kept: Event, gone: Event) -> None:
    """What people were told of the event that goes counts as told of the one that stays."""
    before, after = f"event:{gone.pk}:", f"event:{kept.pk}:"
    rows = Notification.objects.filter(about__startswith=before)
    told = {(row.person_id, after + row.about.removeprefix(before)): row.pk for row in rows}
    taken = set(Notification.objects.filter(about__startswith=after).values_list("person", "about"))
    for key in sorted(told.keys() - taken):
        Notification.objects.filter(pk=told[key]).update(about=key[1])
