"""Addresses of people: the list, each person, invitations, one's own profile and declaration of interests."""

from __future__ import annotations

from django.urls import path

from desk.people import interests, invitations, profile, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/invite/", invitations.invite, name="invite"),
    path("people/invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/interests/", interests.interests, name="interests"),
]
