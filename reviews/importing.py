"""Importing the interchange format: works into the library, files into drafts, and drafts on by the usual moves.

Each article is taken whole or not at all, and by the same actions as a person would use: `drafting.save` for a version,
`workflow.submit` and `workflow.release_with_caution` for moves, whose transitions say "import". Versions are saved in
the name of the importer's own account, which nobody can sign in to: whoever asks for the import has not written what
it brings, so four eyes stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import checks, drafting, editions, freezing, slugs
from articles.checks.finding import BLOCKS
from articles.images import keeping
from articles.images.encoding import Encoded
from articles.images.uploads import LARGEST as LARGEST_IMAGE
from articles.images.uploads import ImageRefused, taken_in
from articles.interchange.folders import Collection, PathRefused
from articles.interchange.reading import LARGEST_FILE, LONGEST_ID, Author, Draft, FileError, parse_article
from articles.interchange.rekeying import cited_among, under_keys
from articles.markup.citations import possible_keys
from articles.markup.door import TextRefused, render
from articles.models import AnswerKind, Article, Edition, Image, Publication, Topic
from people.models import Role, User
from references import library
from references.folding import quoted
from references.formats import csl, entries
from references.models import Reference
from reviews import workflow
from reviews.models import OPEN_STATES

File = tuple[Collection, Path]

VIA = "import"
IMPORTER_EMAIL = "import@localhost"
WRITTEN_HERE = re.compile(r"article-(?P<pk>[0-9]{1,18})-(?P<born>[0-9]{8}T[0-9]{6})")
"""The identity that an export gives to an article that was not imported: `interchange.writing.identity_of`."""

HEAD_KEYS = {
    "question": "title",
    "plain_question": "plain_title",
    "heading": "bottom_line",
    "lead": "bottom_line",
    "plain_heading": "plain_bottom_line",
    "plain_lead": "plain_bottom_line",
    "slug": "slug",
}
"""The key of the head that a field of the article comes from, to name the line of what cannot be stored."""


@dataclass(frozen=True)
class Options:
    """How to import. `by` makes the moves of `submit` and `release`."""

    by: User | None = None
    submit: bool = False
    release: bool = False
    dry_run: bool = False
    rename_keys: bool = False


@dataclass(frozen=True)
class LeftOut:
    """A file or a work that was not taken in, and why."""

    name: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.name}, line {self.line}: {self.reason}" if self.line else f"{self.name}: {self.reason}"


@dataclass
class Report:
    """What an import did, for the operator. The lists hold only what deserves a line of its own."""

    works: Counter[str] = field(default_factory=Counter)
    """By "added" and "found"."""
    articles: Counter[str] = field(default_factory=Counter)
    """By "new", "changed" and "unchanged", and by "submitted" and "released"."""
    left_out: list[LeftOut] = field(default_factory=list)
    not_ready: list[str] = field(default_factory=list)
    """Drafts with a finding that stands in the way of their submission."""
    not_submitted: list[str] = field(default_factory=list)
    not_released: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Report) -> None:
        """Put another part of the same import to this one."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            mine.update(theirs) if isinstance(mine, Counter) else mine.extend(theirs)


def refuse_unfit(options: Options) -> None:
    """Raise PathRefused where the moves asked for could be made by nobody, or not by that person."""
    if options.release and not options.submit:
        raise PathRefused(_("--release needs --submit: only a submitted edition can be released."))
    if not options.submit:
        return
    if options.by is None:
        raise PathRefused(_("--submit needs --by with the e-mail address of an editor: somebody makes the moves."))
    if Role.EDITOR not in options.by.roles():
        raise PathRefused(
            _("%(email)s is not an active editor or superuser, and so cannot make these moves.")
            % {"email": options.by.email}
        )


def importer() -> User:
    """The account in whose name imported versions are saved: without password and role, and never active."""
    account, is_new = User.objects.get_or_create(email=IMPORTER_EMAIL, defaults={"name": "Import", "is_active": False})
    if is_new:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


class Import:
    """One run over one or more collections: `plan` first, then each file. `report` tells what came of it."""

    def __init__(self, options: Options) -> None:
        refuse_unfit(options)
        self.options = options
        self.report = Report()
        self._importer = User(name="Import") if options.dry_run else importer()
        self._works: dict[Collection, _Works] = {}
        self._owners: dict[str, Path] = {}
        self._here: set[str | None] = set()
        self._addresses: dict[str, Path] = {}
        self._promised: set[str] = set()
        self._topics: dict[str, Topic] = {}
        self._kinds: dict[str, AnswerKind | None] = {}

    def plan(self, collections: list[Collection]) -> list[list[File]]:
        """Take in the works and read every head once; return the files, those that want one address together.

        So the order of names decides which file has an identity and which an address, however many import at once.
        """
        groups: dict[str, list[File]] = {}
        for collection in collections:
            self._take_works(collection)
            for path in collection.files():
                try:
                    draft = parse_article(collection.read(path, most=LARGEST_FILE))
                except FileError:
                    groups[str(path)] = [(collection, path)]
                    continue
                address = draft.slug or slugs.make(draft.question)
                self._owners.setdefault(_identity(draft, collection, path), path)
                self._addresses.setdefault(address, path)
                groups.setdefault(address, []).append((collection, path))
                if not self.options.dry_run:
                    for topic in draft.topics:
                        self._topic(topic)
        wanted = list(self._owners)
        for start in range(0, len(wanted), 500):
            found = Article.objects.filter(source_id__in=wanted[start : start + 500]).order_by()
            self._here.update(found.values_list("source_id", flat=True))
        return list(groups.values())

    def _take_works(self, collection: Collection) -> None:
        """Take the collection's works into the library. Without a file, articles may still cite what is there."""
        works_here = self._works[collection] = _Works({}, {})
        path = collection.references
        if path is None:
            return
        name = f"{collection.name}/{path.name}"
        try:
            works, problems = csl.parse_csl(collection.read(path, most=entries.LARGEST_FILE))
        except FileError as error:
            works, problems = [], [entries.Problem(0, "", (error.reason,))]
        for problem in problems:
            self.report.left_out.append(LeftOut(name, None, str(problem)))
            if problem.position:
                works_here.refused[problem.source_id] = str(problem)
            else:
                works_here.unreadable = str(problem)
        with transaction.atomic():
            outcome = library.add_works(
                works,
                by=importer(),
                comment=_("Imported from %(name)s") % {"name": name},
                rename_keys=self.options.rename_keys,
            )
            works_here.keys.update(_as_written(outcome.keys))
            if self.options.dry_run:
                transaction.set_rollback(True)
        self.report.works.update(added=len(outcome.added), found=len(outcome.found))
        self.report.renamed += [f"{name}: @{old} is @{new} here." for old, new in outcome.renamed.items()]
        for refused in outcome.refused:
            works_here.refused[refused.work.source_id or refused.work.key] = refused.message
            self.report.left_out.append(LeftOut(name, None, refused.message))

    def take_file(self, collection: Collection, path: Path) -> None:
        """Import one article's file of the plan, or name it in the report with its line and reason."""
        name = _name_of(path)
        try:
            draft = parse_article(collection.read(path, most=LARGEST_FILE))
            identity = _identity(draft, collection, path)
            if len(identity) > LONGEST_ID:
                raise FileError(None, _("The file's name is too long to be its identity: give an id in its head."))
            if self._owners[identity] != path:
                raise FileError(
                    draft.lines.get("id"),
                    _("%(other)s has the same id: %(id)s.")
                    % {"other": _name_of(self._owners[identity]), "id": identity},
                )
            works_here = self._works[collection]
            images = self._images(collection, draft, identity)
            self._take(works_here.in_library_keys(draft), images, works_here, identity, path)
            self.report.notes.update(draft.notes)
        except FileError as error:
            self.report.left_out.append(LeftOut(name, error.line, error.reason))

    def _images(self, collection: Collection, draft: Draft, identity: str) -> list[keeping.Incoming]:
        """The images of a file, read with the checks of an upload. Those that are here already are not read again."""
        if len(draft.images) > keeping.MOST:
            raise FileError(draft.lines["images"], _("It has more than %(most)d images.") % {"most": keeping.MOST})
        article = self._article_of(identity) if draft.images else None
        here = {row.name: row for row in keeping.of_article(article)} if article else {}
        found = []
        for image in draft.images:
            try:
                data = collection.read(collection.image(image.file), most=LARGEST_IMAGE)
                row = here.get(image.name)
                if row and editions.digest(data) == row.digest:
                    encoded = Encoded(data, row.media_type, row.width, row.height)
                else:
                    encoded = taken_in(data)
            except (FileError, ImageRefused) as refused:
                raise FileError(
                    image.line, _("The image %(file)s: %(reason)s") % {"file": quoted(image.file), "reason": refused}
                ) from None
            found.append(keeping.Incoming(image.name, encoded, image.alternative, image.caption, image.credit))
        return found

    def _take(
        self, draft: Draft, images: list[keeping.Incoming], works_here: _Works, identity: str, path: Path
    ) -> None:
        name = _name_of(path)
        article = self._article_of(identity) or Article(source_id=identity)
        before = _content(article, keeping.named_in(article), None) if article.pk else None
        self._fill(article, draft)
        drafting.normalise(article)
        try:
            drafting.validate(article)
        except ValidationError as error:
            raise _file_error(error, draft) from None
        topics = [self._topic(topic) for topic in draft.topics]
        after = _content(article, keeping.named_with(article, images), topics)
        kind = "new" if before is None else "unchanged" if before == after else "changed"
        if self.options.dry_run:
            if kind != "unchanged":
                self._report_findings(_findings_before_saving(article, images, works_here), draft, name)
        else:
            if kind != "unchanged":
                self._save(article, images, name, topics)
            self._move(article, draft, name, after.source_digest, kind)
        self.report.articles[kind] += 1
        if kind == "new":
            self._tell_of_address(article, draft, path)

    def _article_of(self, identity: str) -> Article | None:
        """The article of this identity: imported under it, or written here and exported."""
        if identity in self._here:
            return Article.objects.get(source_id=identity)
        here = WRITTEN_HERE.fullmatch(identity)
        if not here:
            return None
        article = Article.objects.filter(pk=int(here["pk"]), source_id=None).first()
        return article if article and f"{article.created_at:%Y%m%dT%H%M%S}" == here["born"] else None

    def _fill(self, article: Article, draft: Draft) -> None:
        """Write what the file says into the article, which is not saved here."""
        for name in (*drafting.TEXT_FIELDS, "searched_on", "language", "is_sample"):
            setattr(article, name, getattr(draft, name))
        article.kind = self._kind(draft.kind)
        article.keywords = list(draft.keywords)
        # A file that has lost the addresses, as every export has, does not cut a name off from its account.
        linked = {(entry["name"], entry.get("orcid", "")): entry.get("user") for entry in article.byline}
        article.byline = [self._byline_entry(author, linked) for author in draft.byline]
        if draft.slug and article.pk is None:
            article.slug, article.slug_is_set = draft.slug, True
        elif draft.slug and not re.fullmatch(re.escape(draft.slug) + r"(-[0-9]+)?", article.slug):
            self.report.notes[
                _("The address stays /answers/%(slug)s/ until an editor changes it to %(wanted)s.")
                % {"slug": article.slug, "wanted": draft.slug}
            ] += 1

    def _kind(self, slug: str) -> AnswerKind | None:
        """The kind of this slug; none, with a note, where this site has none such: kinds are its editors' to make."""
        if slug and slug not in self._kinds:
            self._kinds[slug] = AnswerKind.objects.filter(slug=slug).first()
        kind = self._kinds.get(slug)
        if slug and kind is None:
            self.report.notes[
                _("There is no kind of answer %(slug)s here, so it was left aside.") % {"slug": slug}
            ] += 1
        return kind

    def _byline_entry(self, author: Author, linked: dict[tuple[str, str], int | None]) -> dict[str, Any]:
        entry = drafting.byline_entry(name=author.name, credentials=author.credentials, orcid=author.orcid)
        entry["user"] = linked.get((author.name, author.orcid))
        if author.email:
            account = User.objects.filter(email=author.email).first()
            if account:
                entry["user"] = account.pk
            else:
                self.report.notes[
                    _("No account has the address %(email)s, so the name in the byline stands alone.")
                    % {"email": author.email}
                ] += 1
        return entry

    def _topic(self, name: str) -> Topic:
        """The topic of this name, made where it is missing; a dry run makes none."""
        key = name.casefold()
        if key not in self._topics:
            if self.options.dry_run:
                self._topics[key] = Topic.objects.filter(name__iexact=name).first() or Topic(name=name)
            else:
                (self._topics[key],) = drafting.topics_named([name])
        return self._topics[key]

    def _save(self, article: Article, images: list[keeping.Incoming], name: str, topics: list[Topic]) -> None:
        """Save the next version with its images in the importer's name.

        A new article belongs to its first author with an account.
        """
        is_new = article.pk is None
        if is_new:
            owner = next((entry["user"] for entry in article.byline if entry["user"]), None)
            article.owner_id = owner or self._importer.pk
        for attempt in (1, 2):
            try:
                with transaction.atomic():
                    drafting.save(
                        article,
                        by=self._importer,
                        base_version=0 if is_new else article.version,
                        comment=_("Imported from %(name)s") % {"name": name},
                        topics=topics if topics or not is_new else None,
                    )
                    keeping.replace(article, images, by=self._importer)
                return
            except drafting.Conflict:
                raise FileError(None, _("Somebody saved this article meanwhile. Import it again.")) from None
            except (DataError, IntegrityError) as error:
                # Another session may have taken the address between our look-up and our write: then the next is free.
                if attempt == 2 or not is_new or isinstance(error, DataError):
                    raise FileError(
                        None, _("The database refused it: %(reason)s") % {"reason": str(error).strip()}
                    ) from None
                article.pk, article._state.adding = None, True

    def _move(self, article: Article, draft: Draft, name: str, source_digest: str, kind: str) -> None:
        """Check a new version, and submit and release it as far as was asked and is allowed.

        Where the newest edition has the same source, it was submitted already and its review has gone its own way.
        """
        if kind == "unchanged" and not self.options.submit:
            return
        edition = None
        if kind != "new":
            editions_made = Edition.objects.filter(article=article).select_related("review")
            edition = editions_made.order_by("-number").first()
        if edition is None or edition.source_digest != source_digest:
            edition = self._submit(article, draft, name)
        elif Publication.objects.filter(article=article, edition=edition).exists():
            return
        if edition is not None and self.options.release and edition.review.state in OPEN_STATES:
            self._release(edition, name)

    def _submit(self, article: Article, draft: Draft, name: str) -> Edition | None:
        try:
            prepared = freezing.prepare(article)
        except TextRefused as refusal:
            self.report.not_ready.append(f"{name}: {refusal}")
            return None
        self._report_findings(prepared.findings, draft, name)
        if prepared.blocking or not self.options.submit:
            return None
        assert self.options.by is not None
        try:
            edition = workflow.submit(
                article,
                by=self.options.by,
                comment=_("Imported from %(name)s") % {"name": name},
                via=VIA,
                prepared=prepared,
            )
        except (workflow.Refused, drafting.Conflict) as refusal:
            self.report.not_submitted.append(f"{name}: {refusal}")
            return None
        self.report.articles["submitted"] += 1
        return edition

    def _release(self, edition: Edition, name: str) -> None:
        assert self.options.by is not None
        try:
            workflow.release_with_caution(
                edition, by=self.options.by, reason=_("Imported from %(name)s") % {"name": name}, via=VIA
            )
        except workflow.Refused as refusal:
            self.report.not_released.append(f"{name}: {refusal}")
            return
        self.report.articles["released"] += 1

    def _report_findings(self, findings: tuple[checks.Finding, ...], draft: Draft, name: str) -> None:
        """Say the first finding that stands in the way of a submission, with its line in the file."""
        for finding in findings:
            if finding.blocks:
                line, message = draft.lines.get(HEAD_KEYS.get(finding.field, "")), finding.message
                if finding.field == "body":
                    line = draft.body_line + finding.line - 1 if finding.line else None
                    # The sentence counts the lines of the text, the report those of the file.
                    message = message.replace(f"line {finding.line}", f"line {line}")
                place = f"{name}, line {line}" if line else name
                self.report.not_ready.append(f"{place}: {message}")
                return

    def _tell_of_address(self, article: Article, draft: Draft, path: Path) -> None:
        """List an article whose address was taken: usually the same question from another source."""
        wanted = draft.slug or slugs.make(article.question)
        if self.options.dry_run:
            article.slug, number = slugs.free(wanted, article_id=None), 1
            while article.slug in self._promised:
                number += 1
                article.slug = slugs.free(f"{wanted}-{number}", article_id=None)
            self._promised.add(article.slug)
        first = self._addresses[wanted]
        if first != path or article.slug != wanted:
            self.report.numbered.append(
                _("%(name)s: %(question)s (its address is /answers/%(slug)s/; the first is %(other)s)")
                % {
                    "name": _name_of(path),
                    "question": article.question,
                    "slug": article.slug,
                    "other": _name_of(first) if first != path else _("here already"),
                }
            )


@dataclass
class _Works:
    """What became of the works of one collection, as its articles' citations need it."""

    keys: dict[str, str]
    """From each key of the file to the key in the library."""
    refused: dict[str, str]
    """Keys whose work was not taken in, with the reason."""
    unreadable: str = ""
    """Why the file as a whole could not be read."""

    def in_library_keys(self, draft: Draft) -> Draft:
        """The draft with its citations under the library's keys.

        Raises FileError where it cites a work that was not taken in: in the library its key may stand for another.
        """
        if self.unreadable:
            self._refuse(draft, dict.fromkeys(_keys_in(draft), self.unreadable))
        self._refuse(draft, self.refused)
        return under_keys(draft, {old: new for old, new in self.keys.items() if old != new})

    @staticmethod
    def _refuse(draft: Draft, reasons: dict[str, str]) -> None:
        for key in sorted(cited_among(draft, reasons)):
            raise FileError(
                None,
                _("It cites @%(key)s, which was not taken in: %(reason)s") % {"key": key, "reason": reasons[key]},
            )


@dataclass(frozen=True)
class _Content:
    """All by which two versions of an article can differ."""

    source_digest: str
    is_sample: bool
    accounts: tuple[int | None, ...]


def _content(article: Article, images: Mapping[str, Image | keeping.Incoming], topics: list[Topic] | None) -> _Content:
    """What the article says with these images; with `topics` in the place of those that are stored."""
    source = freezing.source_of(article, images)
    if topics is not None:
        source["topics"] = sorted({topic.name for topic in topics})
    return _Content(
        source_digest=editions.digest(editions.canonical(editions.SOURCE, 1, source)),
        is_sample=article.is_sample,
        accounts=tuple(entry.get("user") for entry in article.byline),
    )


def _findings_before_saving(
    article: Article, images: list[keeping.Incoming], works_here: _Works
) -> tuple[checks.Finding, ...]:
    """What `freezing.prepare` would find, where a dry run has left the library and the article as they were."""
    known = {key: key for key in works_here.keys.values()}
    known |= {written: work.key for written, work in library.resolve(_keys_in(article)).items()}
    try:
        rendering = render(
            body=article.body,
            lead=article.lead,
            plain_lead=article.plain_lead,
            known=known,
            images=keeping.pictures_of(keeping.named_with(article, images)),
        )
    except TextRefused as refusal:
        return (checks.Finding("refused", str(refusal), severity=BLOCKS),)
    return checks.findings_of(article, rendering, ())


def _as_written(found: dict[str, str]) -> dict[str, str]:
    """From each key of a file to the key for its texts: the same where that leads to the work, as an alias does."""
    renamed = sorted(old for old, new in found.items() if old != new)
    led: dict[str, Reference] = {}
    for start in range(0, len(renamed), 500):
        led |= library.resolve(renamed[start : start + 500])
    return {old: old if old in led and led[old].key == new else new for old, new in found.items()}


def _file_error(error: ValidationError, draft: Draft) -> FileError:
    """The first field that cannot be stored, with its line in the file."""
    name, messages = next(iter(error.message_dict.items()))
    line = draft.body_line if name == "body" else draft.lines.get(HEAD_KEYS.get(name, ""))
    return FileError(line, " ".join(messages))


def _keys_in(texts: Draft | Article) -> set[str]:
    return possible_keys("\n".join([texts.lead, texts.plain_lead, texts.body]))


def _identity(draft: Draft, collection: Collection, path: Path) -> str:
    return draft.source_id or _printable(f"{collection.name}/{path.stem}")


def _name_of(path: Path) -> str:
    """How the report names a file: by its collection and its own name."""
    return _printable(f"{path.parents[1].name}/{path.name}")


def _printable(name: str) -> str:
    """A file's name as it can be stored and printed: bytes that are no UTF-8 stand as \\xNN."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
