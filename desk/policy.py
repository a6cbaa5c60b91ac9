"""The policy table of the desk: for each address, the roles that may read it and those that may act on it.

The object that an address names is asked about besides, in `desk/access.py`. A test walks every address of the resolver
and fails on one that stands neither here nor among the public ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from people.models import Role

AUTHOR, BOARD, EDITOR, CHIEF_EDITOR, ADMINISTRATOR = (
    frozenset({role.value})
    for role in (Role.AUTHOR, Role.BOARD_MEMBER, Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATOR)
)
WRITERS = AUTHOR | EDITOR
STAFF = AUTHOR | BOARD | EDITOR
NOBODY: frozenset[str] = frozenset()
PUBLIC = frozenset({"everybody"})
SIGNED_IN = frozenset({"whoever holds a role"})


@dataclass(frozen=True)
class Rule:
    """Roles that may GET (and HEAD) and that may POST; any other method is nobody's. `object` says who, of those."""

    get: frozenset[str]
    post: frozenset[str] = NOBODY
    object: str = ""

    def allowed(self, method: str) -> frozenset[str]:
        """The roles that may use this method."""
        if method in {"GET", "HEAD"}:
            return self.get
        return self.post if method == "POST" else NOBODY


OWN_ARTICLE = "an article of one's own; editors: any"
OWN_TEXT = "a text of one's own that was not saved, and its article"
OWN_IMPORT = "an import of one's own; editors: any"
OWN_WORD_DOCUMENT = "a Word document of one's own"
EDITION = "an edition of one's own article; board and editors: any from whose review they are not excluded"

RULES: dict[str, Rule] = {
    "desk:home": Rule(SIGNED_IN),
    # Writing
    "desk:articles": Rule(WRITERS, object=OWN_ARTICLE),
    "desk:article_new": Rule(WRITERS, WRITERS),
    "desk:article": Rule(WRITERS, object=OWN_ARTICLE),
    "desk:article_edit": Rule(WRITERS, WRITERS, OWN_ARTICLE),
    "desk:word_import": Rule(WRITERS, WRITERS),
    "desk:word": Rule(WRITERS, WRITERS, OWN_WORD_DOCUMENT),
    "desk:keep": Rule(WRITERS, WRITERS, OWN_ARTICLE),
    "desk:kept": Rule(WRITERS, WRITERS, OWN_TEXT),
    "desk:preview": Rule(NOBODY, WRITERS, "the images of an article that one may open"),
    "desk:images": Rule(WRITERS, WRITERS, OWN_ARTICLE),
    "desk:image_edit": Rule(WRITERS, WRITERS, OWN_ARTICLE + "; an image of that article"),
    "desk:image_delete": Rule(NOBODY, WRITERS, OWN_ARTICLE + "; an image of that article"),
    "desk:image_file": Rule(STAFF, object="of an article or an edition that one may open"),
    "desk:history": Rule(WRITERS, object=OWN_ARTICLE),
    "desk:trail": Rule(EDITOR, object="whose open round one need not judge without knowing of the others"),
    "desk:compare": Rule(WRITERS, object=OWN_ARTICLE + "; both versions of that article"),
    "desk:restore": Rule(NOBODY, WRITERS, OWN_ARTICLE + "; a version of that article"),
    "desk:submit": Rule(WRITERS, WRITERS, OWN_ARTICLE),
    # Together
    "desk:comments": Rule(WRITERS, WRITERS, OWN_ARTICLE),
    "desk:comments_panel": Rule(WRITERS, object=OWN_ARTICLE),
    "desk:thread": Rule(NOBODY, WRITERS, OWN_ARTICLE + "; a thread, and a comment, of that article"),
    "desk:article_due": Rule(WRITERS, WRITERS, OWN_ARTICLE + "; to act: its owner, and editors"),
    "desk:hand_over": Rule(WRITERS, WRITERS, OWN_ARTICLE + "; to act: its owner, and editors"),
    # Library
    "desk:library": Rule(STAFF),
    "desk:reference": Rule(STAFF),
    "desk:reference_new": Rule(WRITERS, WRITERS),
    "desk:reference_edit": Rule(WRITERS, WRITERS),
    "desk:reference_look_up": Rule(WRITERS, WRITERS),
    "desk:library_export": Rule(STAFF, object="of an article: " + OWN_ARTICLE),
    "desk:library_import": Rule(WRITERS, WRITERS),
    "desk:import": Rule(WRITERS, WRITERS, OWN_IMPORT),
    "desk:import_progress": Rule(WRITERS, object=OWN_IMPORT),
    "desk:library_likely": Rule(WRITERS),
    "desk:library_merge": Rule(WRITERS, EDITOR),
    "desk:reference_flag": Rule(WRITERS, WRITERS),
    "desk:flag_dismiss": Rule(NOBODY, EDITOR),
    "desk:works_kind": Rule(WRITERS, WRITERS),
    "desk:picker": Rule(WRITERS),
    "desk:library_cite": Rule(NOBODY, WRITERS),
    # Glossary
    "desk:glossary": Rule(STAFF),
    "desk:term_new": Rule(WRITERS, WRITERS),
    "desk:term": Rule(STAFF, EDITOR),
    # Kinds of answers
    "desk:kinds": Rule(WRITERS),
    "desk:kind_new": Rule(EDITOR, EDITOR),
    "desk:kind": Rule(EDITOR, EDITOR),
    # Topics
    "desk:topics": Rule(WRITERS),
    "desk:topic": Rule(EDITOR, EDITOR),
    # Reviewing
    "desk:reviews": Rule(BOARD | EDITOR),
    "desk:reviews_due": Rule(BOARD | EDITOR),
    "desk:review": Rule(STAFF, object=EDITION),
    "desk:review_text": Rule(STAFF, object=EDITION),
    "desk:review_comments": Rule(
        STAFF, BOARD | EDITOR, EDITION + "; threads that one may see; to begin one: no author"
    ),
    "desk:review_thread": Rule(NOBODY, STAFF, EDITION + "; a thread that one may see; to end it: its authors, editors"),
    "desk:take_up": Rule(NOBODY, BOARD, EDITION),
    "desk:give_up": Rule(NOBODY, BOARD, EDITION),
    "desk:state_interests": Rule(BOARD, BOARD, EDITION),
    "desk:review_invitations": Rule(EDITOR, object="of reviews from which one is not excluded"),
    "desk:review_invite": Rule(EDITOR, EDITOR, EDITION),
    "desk:review_invitation": Rule(NOBODY, EDITOR, EDITION + "; an invitation to that edition"),
    "desk:invited": Rule(BOARD, BOARD, EDITION + "; to which one was invited"),
    "desk:parts": Rule(EDITOR, EDITOR, EDITION),
    "desk:decide": Rule(BOARD, BOARD, EDITION),
    "desk:renew": Rule(BOARD, BOARD, EDITION),
    "desk:pull_back": Rule(NOBODY, WRITERS, EDITION),
    "desk:settle_objection": Rule(NOBODY, BOARD | CHIEF_EDITOR, EDITION + "; board: an objection of one's own"),
    "desk:policies": Rule(EDITOR),
    "desk:policy_general": Rule(EDITOR, EDITOR),
    "desk:policy": Rule(EDITOR, EDITOR),
    # Publishing
    "desk:publishing": Rule(STAFF, object=OWN_ARTICLE + "; board: any that was submitted"),
    "desk:publish": Rule(NOBODY, EDITOR),
    "desk:schedule": Rule(NOBODY, EDITOR),
    "desk:cancel_schedule": Rule(NOBODY, EDITOR),
    "desk:release": Rule(NOBODY, EDITOR),
    "desk:withdraw": Rule(NOBODY, EDITOR),
    "desk:restore_answer": Rule(NOBODY, EDITOR),
    "desk:retract": Rule(NOBODY, EDITOR),
    "desk:add_notice": Rule(NOBODY, EDITOR),
    "desk:close_re_review": Rule(NOBODY, EDITOR),
    # The dashboard
    "desk:dashboard": Rule(EDITOR),
    "desk:dashboard_csv": Rule(EDITOR),
    # News
    "desk:news": Rule(SIGNED_IN, object="one's own"),
    "desk:news_piece": Rule(SIGNED_IN, object="one's own"),
    "desk:news_read": Rule(NOBODY, SIGNED_IN, "one's own"),
    "desk:news_choices": Rule(SIGNED_IN, SIGNED_IN, "one's own"),
    # Questions, people, settings
    "desk:questions": Rule(EDITOR),
    "desk:question": Rule(WRITERS, EDITOR, "authors: one that an article of theirs answers, masked; editors: any"),
    "desk:reports": Rule(EDITOR),
    "desk:report": Rule(EDITOR, EDITOR),
    "desk:helpful": Rule(EDITOR),
    "desk:people": Rule(ADMINISTRATOR),
    "desk:person": Rule(ADMINISTRATOR, ADMINISTRATOR, "not one's own role"),
    "desk:invite": Rule(ADMINISTRATOR, ADMINISTRATOR),
    "desk:withdraw_invitation": Rule(NOBODY, ADMINISTRATOR),
    "desk:invitation": Rule(PUBLIC, PUBLIC, "whoever holds the link"),
    "desk:profile": Rule(SIGNED_IN, SIGNED_IN, "one's own name and credentials, not one's role"),
    "desk:interests": Rule(SIGNED_IN, SIGNED_IN, "one's own"),
    "desk:settings": Rule(EDITOR | ADMINISTRATOR, EDITOR | ADMINISTRATOR),
}
