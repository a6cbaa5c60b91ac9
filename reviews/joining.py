"""What a merge of two works means for the entries to look at again: two events that became one have one entry each."""

from __future__ import annotations

from references.merging import when_events_join
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
