"""Addresses of the kwartiermaker's work (regiowerk)."""

from django.urls import path

from mapping.views import (
    agreeing,
    cells,
    correcting,
    doubles,
    engagements,
    history,
    merging,
    organisations,
    questions,
    removing,
    representatives,
    ties,
    undoing,
    workspace,
)

app_name = "mapping"
urlpatterns = [
    path("", workspace.my_regions, name="regions"),
    path("<slug:slug>/", workspace.workspace, name="workspace"),
    path("<slug:slug>/organisaties/toevoegen/", organisations.add_organisation, name="add_organisation"),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/", organisations.organisation, name="organisation"
    ),
    path("<slug:slug>/organisaties/rij/", cells.add_row, name="add_row"),
    path("<slug:slug>/organisaties/dubbel/", doubles.doubles, name="doubles"),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/overnemen/", doubles.take, name="take"),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/cel/", cells.save, name="save_cell"),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/publiceren/", organisations.publish, name="publish"
    ),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/intrekken/", organisations.withdraw, name="withdraw"
    ),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/weghalen/", removing.remove, name="remove"),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/terugzetten/", removing.put_back, name="put_back"),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/samenvoegen/", merging.choose, name="choose_merge"
    ),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/samenvoegen/<uuid:other_key>/",
        merging.merge,
        name="merge",
    ),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/splitsen/<int:merge_id>/",
        merging.undo,
        name="undo_merge",
    ),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/ongedaan/", undoing.undo, name="undo"),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/akkoord/", agreeing.agreement, name="agreement"),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/akkoord/<int:request_id>/overnemen/",
        agreeing.take_over,
        name="take_over",
    ),
    path(
        "<slug:slug>/organisaties/<uuid:organisation_key>/akkoord/<int:request_id>/terugnemen/",
        agreeing.take_back,
        name="take_back",
    ),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/geschiedenis/", history.history, name="history"),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/banden/", ties.tie, name="tie"),
    path("<slug:slug>/organisaties/<uuid:organisation_key>/banden/<int:tie_id>/", ties.end, name="end_tie"),
    path("<slug:slug>/verzoeken/", correcting.corrections, name="corrections"),
    path("<slug:slug>/verzoeken/<int:correction_id>/", correcting.correction, name="correction"),
    path("<slug:slug>/prullenbak/", removing.bin_page, name="bin"),
    path("<slug:slug>/vertegenwoordigers/", representatives.representatives, name="representatives"),
    path(
        "<slug:slug>/vertegenwoordigers/<int:representative_id>/aanbevelen/",
        representatives.recommend,
        name="recommend_representative",
    ),
    path(
        "<slug:slug>/vertegenwoordigers/<int:representative_id>/betwisten/",
        representatives.dispute,
        name="dispute_representative",
    ),
    path("<slug:slug>/vraagstukken/", questions.questions, name="questions"),
    path("<slug:slug>/vraagstukken/toevoegen/", questions.add_question, name="add_question"),
    path("<slug:slug>/vraagstukken/matrix/", engagements.matrix, name="matrix"),
    path("<slug:slug>/vraagstukken/<int:question_id>/", questions.question, name="question"),
    path(
        "<slug:slug>/vraagstukken/<int:question_id>/organisaties/<uuid:organisation_key>/",
        engagements.engagement,
        name="engagement",
    ),
]
