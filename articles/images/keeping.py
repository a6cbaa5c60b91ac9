"""Images in the database: kept for a draft, frozen with an edition, and shown to whoever may read that edition."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import editions
from articles.images.encoding import EXTENSIONS, Encoded
from articles.markup import characters
from articles.markup.door import Picture, ShownImage
from articles.markup.images import markdown_of, possible_names
from articles.models import Article, Edition, EditionImage, Image, ImageFile, LivePage, Publication
from people.models import User

log = logging.getLogger(__name__)

MOST = 60
"""Images of one article."""
LONGEST_NAME = 50
WORDS_IN_NAME = 6
ATTEMPTS = 5
WORDS = ("alternative", "caption", "credit")


@dataclass(frozen=True)
class Incoming:
    """An image that comes with a file of the interchange format."""

    name: str
    encoded: Encoded
    alternative: str
    caption: str = ""
    credit: str = ""

    @property
    def digest(self) -> str:
        return editions.digest(self.encoded.data)


def of_article(article: Article) -> QuerySet[Image]:
    """The images of an article without their bytes, newest first; `is_frozen` where an edition froze those bytes."""
    frozen = EditionImage.objects.filter(edition__article=OuterRef("article"), file__digest=OuterRef("digest"))
    return Image.objects.filter(article=article).defer("data").annotate(is_frozen=Exists(frozen)).order_by("-pk")


def named_in(article: Article, text: str | None = None) -> dict[str, Image]:
    """The images that the text of an article (or `text`, in its place) may show, by name and without their bytes."""
    names = possible_names(article.body if text is None else text)
    if not names or not article.pk:
        return {}
    return {row.name: row for row in Image.objects.filter(article=article, name__in=names).defer("data")}


def named_with(article: Article, incoming: Collection[Incoming]) -> dict[str, Image | Incoming]:
    """The images that the text may show once those that come with a file are kept."""
    names = possible_names(article.body)
    return {**named_in(article), **{image.name: image for image in incoming if image.name in names}}


def pictures_of(images: Mapping[str, Image | Incoming]) -> dict[str, Picture]:
    """Images as the renderer needs them."""
    pictures = {}
    for name, image in images.items():
        about = image.encoded if isinstance(image, Incoming) else image
        pictures[name] = Picture(image.digest, EXTENSIONS[about.media_type], about.width, about.height, image.credit)
    return pictures


def in_source(images: Mapping[str, Image | Incoming]) -> list[dict[str, str]]:
    """What an edition's source says of the images beside its text: which bytes stand for a name, and their credit."""
    return [{"name": name, "digest": images[name].digest, "credit": images[name].credit} for name in sorted(images)]


def frozen_of(shown: Collection[ShownImage], images: Mapping[str, Image]) -> list[dict[str, Any]]:
    """What an edition says of each image that it shows."""
    return [
        {
            "name": one.name,
            "digest": images[one.name].digest,
            "media_type": images[one.name].media_type,
            "width": images[one.name].width,
            "height": images[one.name].height,
            "alternative": one.alternative,
            "caption": one.caption,
            "credit": images[one.name].credit,
        }
        for one in shown
    ]


def markdown_for(image: Image) -> str:
    """The line that shows an image of a draft."""
    return markdown_of(image.name, image.alternative, image.caption)


def clean_words(words: Mapping[str, str]) -> dict[str, str]:
    """Alternative text, caption and credit in the form in which they are stored: one line each."""
    return {name: " ".join(characters.normal(words.get(name, "")).split()) for name in WORDS}


# -- Of drafts --------------------------------------------------------------------------------------------------


def add(article: Article, encoded: Encoded, *, by: User, original_name: str = "", **words: str) -> Image:
    """Keep an image for the draft of an article; its name is made of its alternative text.

    Never of the file's name, which may be a patient's. ValidationError where the article has too many.
    """
    said = clean_words(words)
    if Image.objects.filter(article=article).count() >= MOST:
        raise ValidationError(
            _("An article has at most %(most)d images. Delete one that it does not show.") % {"most": MOST}
        )
    for _attempt in range(ATTEMPTS):
        name = _free_name(article, said["alternative"])
        row = Image(
            article=article,
            name=name,
            digest=editions.digest(encoded.data),
            media_type=encoded.media_type,
            width=encoded.width,
            height=encoded.height,
            data=encoded.data,
            original_name=characters.normal(original_name)[-200:],
            uploaded_by=by,
            **said,
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            if not Image.objects.filter(article=article, name=name).exists():
                raise
        else:
            return row
    raise ValidationError(_("Others added the same image at this moment. Please try again."))


def _free_name(article: Article, alternative: str) -> str:
    words = "-".join(slugify(alternative).split("-")[:WORDS_IN_NAME])[:LONGEST_NAME].strip("-_") or "image"
    base = words.replace("_", "-")
    taken = set(Image.objects.filter(article=article, name__startswith=base).values_list("name", flat=True))
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


def change(image: Image, *, by: User, **words: str) -> Image:
    """Change what *Insert* writes, and the credit. The text and earlier editions keep their words."""
    said = clean_words(words)
    for name, text in said.items():
        setattr(image, name, text)
    image.save(update_fields=list(said))
    log.info("The words of image %s of article %s were changed by account %s.", image.pk, image.article_id, by.pk)
    return image


def refusal_to_delete(image: Image) -> str | None:
    """Why an image may not be deleted, in a sentence; None where it may. The same for the button and the server."""
    if EditionImage.objects.filter(edition__article=image.article_id, file__digest=image.digest).exists():
        return _("An edition shows this image, so it stays with the article.")
    body = Article.objects.values_list("body", flat=True).get(pk=image.article_id)
    if image.name in possible_names(body):
        return _("The saved text shows this image. Take it out of the text first.")
    return None


def delete(image: Image, *, by: User) -> str | None:
    """Delete an image and its bytes for good; the sentence where that may not be."""
    with transaction.atomic():
        # A submission holds this lock while it freezes.
        Article.objects.select_for_update().get(pk=image.article_id)
        refused = refusal_to_delete(image)
        if refused is None:
            log.info("Image %s of article %s was deleted by account %s.", image.pk, image.article_id, by.pk)
            image.delete()
        return refused


def replace(article: Article, images: Collection[Incoming], *, by: User) -> None:
    """Bring the images that came with a file in step with it, by name; others of the article stay."""
    for image in images:
        Image.objects.update_or_create(
            article=article,
            name=image.name,
            defaults={
                "digest": image.digest,
                "media_type": image.encoded.media_type,
                "width": image.encoded.width,
                "height": image.encoded.height,
                "data": image.encoded.data,
                "uploaded_by": by,
                **clean_words({name: getattr(image, name) for name in WORDS}),
            },
        )


# -- Of editions ------------------------------------------------------------------------------------------------


def freeze(edition: Edition, frozen: Collection[Mapping[str, Any]]) -> bool:
    """Put the bytes of the images that an edition froze beside it, in the caller's transaction.

    False where an image is no longer what was prepared: somebody deleted or replaced it meanwhile.
    """
    digests = {image["digest"] for image in frozen}
    if not digests:
        return True
    here = set(ImageFile.objects.filter(digest__in=digests).values_list("digest", flat=True))
    rows = Image.objects.filter(article=edition.article_id, digest__in=digests)
    bytes_of = {row.digest: bytes(row.data) for row in rows}
    if digests - bytes_of.keys():
        return False
    # Two articles may freeze the same image at the same moment.
    ImageFile.objects.bulk_create(
        (ImageFile(digest=digest, data=bytes_of[digest]) for digest in sorted(digests - here)), ignore_conflicts=True
    )
    files = ImageFile.objects.filter(digest__in=digests).defer("data")
    EditionImage.objects.bulk_create(EditionImage(edition=edition, file=file) for file in files)
    return True


def public_file(digest: str) -> QuerySet[LivePage, Any]:
    """The bytes of an image, as rows of the public pages that show it: none where no readable page does.

    Live pages follow each move in its transaction, so what is not readable any more shows no image any more. A page
    that search engines may list comes first.
    """
    return (
        LivePage.objects.filter(
            http_status=200,
            article__publication__in=Publication.objects.readable(),
            edition__shown_images__file__digest=digest,
        )
        .order_by("noindex")
        .values("noindex", "edition__shown_images__file__data")
    )


def images_of(frozen: editions.Frozen) -> dict[str, Image]:
    """The images of an edition as it froze them, by name, as unsaved rows without their bytes."""
    about = ("name", "digest", "media_type", "width", "height", "alternative", "caption", "credit")
    return {entry["name"]: Image(**{name: entry[name] for name in about}) for entry in frozen.frozen["images"]}
