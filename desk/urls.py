"""Addresses of the desk, by subject. Each needs a rule in `desk/policy.py`."""

from __future__ import annotations

from django.urls import path, re_path

from desk import home, images
from desk.dashboard.urls import urlpatterns as dashboard
from desk.glossary.urls import urlpatterns as glossary
from desk.kinds.urls import urlpatterns as kinds
from desk.library.urls import urlpatterns as library
from desk.news.urls import urlpatterns as news
from desk.people.urls import urlpatterns as people
from desk.policies.urls import urlpatterns as policies
from desk.publishing.urls import urlpatterns as publishing
from desk.questions.urls import urlpatterns as questions
from desk.reviewing.urls import urlpatterns as reviewing
from desk.settings.urls import urlpatterns as settings
from desk.together.urls import urlpatterns as together
from desk.topics.urls import urlpatterns as topics
from desk.writing.urls import urlpatterns as writing

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    re_path(r"^images/(?P<digest>[0-9a-f]{64})\.(?P<extension>png|jpg)$", images.image_file, name="image_file"),
    *writing,
    *together,
    *library,
    *glossary,
    *kinds,
    *topics,
    *reviewing,
    *policies,
    *publishing,
    *questions,
    *dashboard,
    *news,
    *people,
    *settings,
]
