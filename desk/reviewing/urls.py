"""Addresses of reviewing: the queue, an edition under review, and the moves of a review. `pk` is an edition's."""

from __future__ import annotations

from django.urls import path

from desk.reviewing import comments, deciding, interests, invited, inviting, pages, queue, renewing

urlpatterns = [
    path("reviews/", queue.reviews, name="reviews"),
    path("reviews/due/", renewing.due, name="reviews_due"),
    path("reviews/invitations/", inviting.open_invitations, name="review_invitations"),
    path("reviews/<int:pk>/", pages.review, name="review"),
    path("reviews/<int:pk>/texts/<int:number>/", pages.text, name="review_text"),
    path("reviews/<int:pk>/comments/", comments.comments, name="review_comments"),
    path("reviews/<int:pk>/comments/<int:thread>/", comments.thread, name="review_thread"),
    path("reviews/<int:pk>/take-up/", pages.take_up, name="take_up"),
    path("reviews/<int:pk>/give-up/", pages.give_up, name="give_up"),
    path("reviews/<int:pk>/interests/", interests.state_interests, name="state_interests"),
    path("reviews/<int:pk>/invitations/", inviting.invite, name="review_invite"),
    path("reviews/<int:pk>/invitations/<int:invitation>/", inviting.change, name="review_invitation"),
    path("reviews/<int:pk>/invited/", invited.invited, name="invited"),
    path("reviews/<int:pk>/parts/", interests.parts, name="parts"),
    path("reviews/<int:pk>/decide/", deciding.decide, name="decide"),
    path("reviews/<int:pk>/pull-back/", pages.pull_back, name="pull_back"),
    path("reviews/<int:pk>/objections/<int:objection>/", pages.settle_objection, name="settle_objection"),
    path("reviews/<int:pk>/renew/", renewing.renew, name="renew"),
]
