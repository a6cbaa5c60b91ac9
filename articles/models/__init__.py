"""Tables of the answers, by subject, from drafting to what is public, and the site's own texts."""

from articles.models.comments import Comment, Resolution, Seen, Thread
from articles.models.drafting import Article, Citation, Contributor, Topic
from articles.models.editions import Edition
from articles.models.glossary import Glossary, Spelling, Term
from articles.models.images import EditionImage, Image, ImageFile
from articles.models.kinds import AnswerKind
from articles.models.links import Link, LinkCheck
from articles.models.open_editors import Autosave, Presence
from articles.models.policies import ReviewPolicy
from articles.models.public import (
    FormerSlug,
    LivePage,
    Notice,
    NoticeKind,
    Publication,
    Related,
    Standing,
)
from articles.models.questions import QuestionWord
from articles.models.redactions import Redaction
from articles.models.search import SearchCount, SearchEntry, SearchForm, SearchNeighbour, SearchPosting
from articles.models.site import Site
from articles.models.word import WordDocument

__all__ = [
    "AnswerKind",
    "Article",
    "Autosave",
    "Citation",
    "Comment",
    "Contributor",
    "Edition",
    "EditionImage",
    "FormerSlug",
    "Glossary",
    "Image",
    "ImageFile",
    "Link",
    "LinkCheck",
    "LivePage",
    "Notice",
    "NoticeKind",
    "Presence",
    "Publication",
    "QuestionWord",
    "Redaction",
    "Related",
    "Resolution",
    "ReviewPolicy",
    "SearchCount",
    "SearchEntry",
    "SearchForm",
    "SearchNeighbour",
    "SearchPosting",
    "Seen",
    "Site",
    "Spelling",
    "Standing",
    "Term",
    "Thread",
    "Topic",
    "WordDocument",
]
