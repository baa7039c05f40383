"""Addresses of the register."""

from django.urls import path

from citong.web.register import duplicates, exports, imports, proposals, record, records, ties, writing

urlpatterns = [
    path("", records.register, name="register"),
    path("new/<slug:kind>/", writing.record_new, name="record_new"),
    path("new/<slug:kind>/twins", writing.twins_hint, name="twins_hint"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<uuid:proposal>/", proposals.proposal_decide, name="proposal_decide"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:one>/<uuid:other>/", duplicates.compare, name="compare"),
    path("export/", exports.export, name="register_export"),
    path("import/", imports.imports, name="table_imports"),
    path("import/<uuid:table>/", imports.table, name="table_import"),
    path("import/<uuid:table>/columns", imports.table_columns, name="table_columns"),
    path("import/<uuid:table>/start", imports.table_start, name="table_start"),
    path("import/<uuid:table>/stop", imports.table_stop, name="table_stop"),
    path("import/<uuid:table>/forget", imports.table_forget, name="table_forget"),
    path("import/<uuid:table>/repair.xlsx", imports.table_repair, name="table_repair"),
    path("tie/<uuid:tie>/end", ties.tie_end, name="tie_end"),
    path("<uuid:record>/", record.record, name="record"),
    path("<uuid:record>/show", record.record_show, name="record_show"),
    path("<uuid:record>/edit", writing.record_edit, name="record_edit"),
    path("<uuid:record>/end", writing.record_end, name="record_end"),
    path("<uuid:record>/tie", ties.tie_new, name="tie_new"),
    path("<uuid:record>/looks", record.record_looks, name="record_looks"),
    path("<uuid:record>/slip", record.record_slip, name="record_slip"),
    path("<uuid:record>/unmerge", duplicates.record_unmerge, name="record_unmerge"),
]
