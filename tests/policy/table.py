"""Who gets what answer at each address of the site: the policy, written by hand, which the code has to meet.

One line for each address: its name (or a path, where it has none), the answers to GET and those to POST, each for the
people of `stage.WHO` in that order. One figure is everybody's; two are the outsider's and everybody else's;
`302 ... 200` is the way to sign-in for everybody but the superuser. HEAD is answered as GET is. A form is sent empty:
422 and 409 are the plain refusals of somebody who may send it, 302 is the way to sign-in for an outsider and success
for others.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.policy.stage import WHO

POLICY = """

# What anybody may read
readers:home                         200                                         | 405
readers:answers                      200                                         | 405
readers:answer                       200                                         | 405
readers:edition                      200                                         | 405
readers:markdown                     200                                         | 405
readers:edition_markdown             200                                         | 405
readers:compare                      200                                         | 405
readers:texts                        200                                         | 405
readers:references_ris               200                                         | 405
readers:references_csl               200                                         | 405
readers:references_bibtex            200                                         | 405
readers:edition_references_bibtex    200                                         | 405
readers:edition_references_ris       200                                         | 405
readers:edition_references_csl       200                                         | 405
readers:image                        200                                         | 405
readers:topics                       200                                         | 405
readers:topic                        200                                         | 405
readers:search                       200                                         | 405
readers:suggestions                  200                                         | 405
readers:policy                       200                                         | 405
readers:board                        200                                         | 405
readers:about                        200                                         | 405
readers:ask                          200                                         | 403
readers:ask_thanks                   200                                         | 405
readers:my_question                  200                                         | 403
readers:feedback                     405                                         | 403
readers:mistake                      404                                         | 403
readers:my_feedback                  200                                         | 403
readers:sitemap                      200                                         | 405
readers:sitemap_section              200                                         | 405
readers:robots                       200                                         | 405
readers:feed                         200                                         | 405
readers:notices_feed                 200                                         | 405
readers:topic_feed                   200                                         | 405
readers:favicon                      302                                         | 302
readers:api_answers                  200                                         | 405
readers:api_answer                   200                                         | 405
readers:api_editions                 200                                         | 405
readers:api_edition                  200                                         | 405
readers:api_references               200                                         | 405
readers:api_topics                   200                                         | 405
readers:api_search                   200                                         | 405
readers:api_notices                  200                                         | 405
readers:api_board                    200                                         | 405
readers:api_index                    200                                         | 405
/api/v1                              200                                         | 405
readers:api_document                 200                                         | 405
readers:api_guide                    200                                         | 405
readers:api_missing                  404                                         | 405

# The desk
desk:home                  302 403 200 200 200 200 403 200 200 200 200 | 302 403
desk:articles              302 403 200 200 403 403 403 200 200 403 200 | 302 403
desk:article_new           302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:article               302 403 200 404 403 403 403 200 200 403 200 | 302 403
desk:article_edit          302 403 200 404 403 403 403 200 200 403 200 | 302 403 422 404 403 403 403 422 422 403 422
desk:word_import           302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:word                  302 403 200 404 403 403 403 404 404 403 404 | 302 403 422 404 403 403 403 404 404 403 404
desk:keep                  302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:kept                  302 403 200 404 403 403 403 404 404 403 404 | 302 403 302 404 403 403 403 404 404 403 404
desk:preview               302 403                                     | 302 403 200 200 403 403 403 200 200 403 200
desk:images                302 403 200 404 403 403 403 200 200 403 200 | 302 403 422 404 403 403 403 422 422 403 422
desk:image_edit            302 403 200 404 403 403 403 200 200 403 200 | 302 403 422 404 403 403 403 422 422 403 422
desk:image_delete          302 403                                     | 302 403 302 404 403 403 403 302 302 403 302
desk:image_file            302 403 200 404 404 404 403 200 200 403 200 | 302 403
desk:history               302 403 200 404 403 403 403 200 200 403 200 | 302 403
desk:trail                 302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:compare               302 403 200 404 403 403 403 200 200 403 200 | 302 403
desk:restore               302 403                                     | 302 403 404 404 403 403 403 404 404 403 404
desk:submit                302 403 200 404 403 403 403 200 200 403 200 | 302 403 422 404 403 403 403 422 422 403 422
desk:comments              302 403 200 404 403 403 403 200 200 403 200 | 302 403 422 404 403 403 403 422 422 403 422
desk:comments_panel        302 403 200 404 403 403 403 200 200 403 200 | 302 403
desk:thread                302 403                                     | 302 403 404 404 403 403 403 404 404 403 404
desk:article_due           302 403 200 404 403 403 403 200 200 403 200 | 302 403 302 404 403 403 403 302 302 403 302
desk:hand_over             302 403 200 404 403 403 403 200 200 403 200 | 302 403 422 404 403 403 403 422 422 403 422
desk:library               302 403 200 200 200 200 403 200 200 403 200 | 302 403
desk:reference             302 403 200 200 200 200 403 200 200 403 200 | 302 403
desk:reference_new         302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:reference_edit        302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:reference_look_up     302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:library_export        302 403 200 200 200 200 403 200 200 403 200 | 302 403
desk:library_import        302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:import                302 403 200 404 403 403 403 200 200 403 200 | 302 403 409 404 403 403 403 409 409 403 409
desk:import_progress       302 403 200 404 403 403 403 200 200 403 200 | 302 403
desk:library_likely        302 403 200 200 403 403 403 200 200 403 200 | 302 403
desk:library_merge         302 403 200 200 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:reference_flag        302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:flag_dismiss          302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:works_kind            302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:picker                302 403 200 200 403 403 403 200 200 403 200 | 302 403
desk:library_cite          302 403                                     | 302 403 422 422 403 403 403 422 422 403 422
desk:glossary              302 403 200 200 200 200 403 200 200 403 200 | 302 403
desk:term_new              302 403 200 200 403 403 403 200 200 403 200 | 302 403 422 422 403 403 403 422 422 403 422
desk:term                  302 403 200 200 200 200 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:kinds                 302 403 200 200 403 403 403 200 200 403 200 | 302 403
desk:kind_new              302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:kind                  302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:topics                302 403 200 200 403 403 403 200 200 403 200 | 302 403
desk:topic                 302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:reviews               302 403 403 403 200 200 403 200 200 403 200 | 302 403
desk:reviews_due           302 403 403 403 200 200 403 200 200 403 200 | 302 403
desk:review                302 403 200 404 200 403 403 200 200 403 200 | 302 403
desk:review_text           302 403 200 404 200 403 403 200 200 403 200 | 302 403
desk:review_comments       302 403 200 404 200 403 403 200 200 403 200 | 302 403 403 403 422 403 403 422 422 403 422
desk:review_thread         302 403                                     | 302 403 404 404 404 403 403 404 404 403 404
desk:take_up               302 403                                     | 302 403 403 403 302 403 403 403 403 403 403
desk:give_up               302 403                                     | 302 403 403 403 409 403 403 403 403 403 403
desk:state_interests       302 403 403 403 200 403 403 403 403 403 403 | 302 403 403 403 422 403 403 403 403 403 403
desk:review_invitations    302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:review_invite         302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:review_invitation     302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:invited               302 403 403 403 200 403 403 403 403 403 403 | 302 403 403 403 422 403 403 403 403 403 403
desk:parts                 302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:decide                302 403 403 403 200 403 403 403 403 403 403 | 302 403 403 403 422 403 403 403 403 403 403
desk:renew                 302 403 403 403 200 403 403 403 403 403 403 | 302 403 403 403 422 403 403 403 403 403 403
desk:pull_back             302 403                                     | 302 403 302 404 403 403 403 302 302 403 302
desk:settle_objection      302 403                                     | 302 403 403 403 409 403 403 403 409 403 403
desk:policies              302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:policy_general        302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:policy                302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:publishing            302 403 200 404 200 403 403 200 200 403 200 | 302 403
desk:publish               302 403                                     | 302 403 403 403 403 403 403 409 409 403 409
desk:schedule              302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:cancel_schedule       302 403                                     | 302 403 403 403 403 403 403 409 409 403 409
desk:release               302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:withdraw              302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:restore_answer        302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:retract               302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:add_notice            302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:close_re_review       302 403                                     | 302 403 403 403 403 403 403 422 422 403 422
desk:dashboard             302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:dashboard_csv         302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:news                  302 403 200 200 200 200 403 200 200 200 200 | 302 403
desk:news_piece            302 403 302 404 404 404 403 404 404 404 404 | 302 403
desk:news_read             302 403                                     | 302 403 302 302 302 302 403 302 302 302 302
desk:news_choices          302 403 200 200 200 200 403 200 200 200 200 | 302 403 422 422 422 422 403 422 422 422 422
desk:questions             302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:question              302 403 404 404 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:reports               302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:report                302 403 403 403 403 403 403 200 200 403 200 | 302 403 403 403 403 403 403 422 422 403 422
desk:helpful               302 403 403 403 403 403 403 200 200 403 200 | 302 403
desk:people                302 403 403 403 403 403 403 403 403 200 200 | 302 403
desk:person                302 403 403 403 403 403 403 403 403 200 200 | 302 403 403 403 403 403 403 403 403 422 422
desk:invite                302 403 403 403 403 403 403 403 403 200 200 | 302 403 403 403 403 403 403 403 403 422 422
desk:withdraw_invitation   302 403                                     | 302 403 403 403 403 403 403 403 403 302 302
desk:invitation            200                                         | 422
desk:profile               302 403 200 200 200 200 403 200 200 200 200 | 302 403 422 422 422 422 403 422 422 422 422
desk:interests             302 403 200 200 200 200 403 200 200 200 200 | 302 403 422 422 422 422 403 422 422 422 422
desk:settings              302 403 403 403 403 403 403 200 200 200 200 | 302 403 403 403 403 403 403 422 422 422 422

# Sign-in: allauth's own views, each about the person who asks
account_login                        200 302                                     | 200 302
account_logout                       302 200                                     | 302
account_inactive                     200                                         | 405
account_signup                       200 302                                     | 200 302
account_reauthenticate               302 200                                     | 302 200
account_email                        302                                         | 302
account_change_password              302 200                                     | 302 200
account_set_password                 302                                         | 302
account_reset_password               200                                         | 200
account_reset_password_done          200                                         | 405
account_reset_password_from_key_done 200                                         | 405
account_reset_password_from_key      200                                         | 200
mfa_index                            302 200                                     | 302 405
mfa_authenticate                     302                                         | 302
mfa_reauthenticate                   302                                         | 302
mfa_activate_totp                    302                                         | 302
mfa_deactivate_totp                  302 404                                     | 302 404
mfa_view_recovery_codes              302 404                                     | 302 405
mfa_generate_recovery_codes          302                                         | 302
mfa_download_recovery_codes          302 404                                     | 302 404

# The admin: the record, read-only
admin:index                          302 ... 200                                 | 302 ... 200
admin:login             302 403 403 403 403 403 403 403 403 403 302 | 302 403 403 403 403 403 403 403 403 403 200
admin:logout                         302 ... 405                                 | 302
admin:password_change                302                                         | 302
admin:password_change_done           302 ... 200                                 | 302 ... 405
admin:autocomplete                   302 ... 403                                 | 302 ... 405
admin:jsi18n                         302 ... 200                                 | 302 ... 405
admin:view_on_site                   302 ... 404                                 | 302 ... 404
admin:articles_edition_changelist    302 ... 200                                 | 302 ... 200
admin:articles_edition_add           302 ... 403                                 | 302 ... 403
admin:articles_edition_history       302 ... 200                                 | 302 ... 200
admin:articles_edition_delete        302 ... 403                                 | 302 ... 403
admin:articles_edition_change        302 ... 200                                 | 302 ... 403
admin:articles_publication_changelist 302 ... 200                                 | 302 ... 200
admin:articles_publication_add       302 ... 403                                 | 302 ... 403
admin:articles_publication_history   302 ... 200                                 | 302 ... 200
admin:articles_publication_delete    302 ... 403                                 | 302 ... 403
admin:articles_publication_change    302 ... 200                                 | 302 ... 403
admin:articles_notice_changelist     302 ... 200                                 | 302 ... 200
admin:articles_notice_add            302 ... 403                                 | 302 ... 403
admin:articles_notice_history        302                                         | 302
admin:articles_notice_delete         302 ... 403                                 | 302 ... 403
admin:articles_notice_change         302                                         | 302 ... 403
admin:reviews_review_changelist      302 ... 200                                 | 302 ... 200
admin:reviews_review_add             302 ... 403                                 | 302 ... 403
admin:reviews_review_history         302 ... 200                                 | 302 ... 200
admin:reviews_review_delete          302 ... 403                                 | 302 ... 403
admin:reviews_review_change          302 ... 200                                 | 302 ... 403
admin:reviews_verdict_changelist     302 ... 200                                 | 302 ... 200
admin:reviews_verdict_add            302 ... 403                                 | 302 ... 403
admin:reviews_verdict_history        302 ... 200                                 | 302 ... 200
admin:reviews_verdict_delete         302 ... 403                                 | 302 ... 403
admin:reviews_verdict_change         302 ... 200                                 | 302 ... 403
admin:reviews_transition_changelist  302 ... 200                                 | 302 ... 200
admin:reviews_transition_add         302 ... 403                                 | 302 ... 403
admin:reviews_transition_history     302 ... 200                                 | 302 ... 200
admin:reviews_transition_delete      302 ... 403                                 | 302 ... 403
admin:reviews_transition_change      302 ... 200                                 | 302 ... 403
admin:app_list                       302 ... 200                                 | 302 ... 200
/admin/articles/edition/1/           302                                         | 302
/admin/articles/notice/1/            302                                         | 302
/admin/articles/publication/1/       302                                         | 302
/admin/reviews/review/1/             302                                         | 302
/admin/reviews/verdict/1/            302                                         | 302
/admin/reviews/transition/1/         302                                         | 302
/admin/nothing/                      302 ... 404                                 | 302 ... 404
"""


def rows() -> Iterator[tuple[str, str, dict[str, int]]]:
    """Each line of the policy as two: the address, the method, and the status for each person."""
    for line in POLICY.splitlines():
        if line and not line.startswith("#"):
            address, _, answers = line.partition(" ")
            for method, words in zip(("GET", "POST"), answers.split("|"), strict=True):
                yield address, method, dict(zip(WHO, _everybodys(words.split()), strict=True))


def _everybodys(words: list[str]) -> list[int]:
    if "..." in words:
        first, _, last = words
        words = [first] * (len(WHO) - 1) + [last]
    elif len(words) <= 2:
        words = words[:1] + words[-1:] * (len(WHO) - 1)
    return [int(word) for word in words]
