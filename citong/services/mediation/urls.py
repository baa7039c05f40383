"""Addresses of mediation: the public ones below mediation/, those of the staff below desk/mediation/."""

from django.urls import path

from citong.services.mediation import papers_door
from citong.services.mediation.desk import batches, bodies, calendar, invitation, knowledge, measures, people, tables
from citong.services.mediation.public import directory, sessions

REGISTERS = "desk/mediation/bodies/"

urlpatterns = [
    path("mediation/", directory.directory, name="mediation_directory"),
    path("mediation/bodies.geojson", directory.directory_points, name="mediation_directory_points"),
    path("mediation/bodies/<uuid:body>/", directory.directory_body, name="mediation_directory_body"),
    path(REGISTERS, bodies.body_list, name="mediation_bodies"),
    path(f"{REGISTERS}new/", bodies.body_new, name="mediation_body_new"),
    path(f"{REGISTERS}export/", tables.register_export, name="mediation_export"),
    path(f"{REGISTERS}table/new/", tables.table_new, name="mediation_table_new"),
    path(f"{REGISTERS}table/", tables.table_look, name="mediation_table"),
    path(f"{REGISTERS}table/bring/", tables.table_bring, name="mediation_table_bring"),
    path(f"{REGISTERS}table/to-mend.xlsx", tables.table_repair, name="mediation_table_repair"),
    path(f"{REGISTERS}<uuid:body>/", bodies.body_page, name="mediation_body"),
    path(f"{REGISTERS}<uuid:body>/change/", bodies.body_change, name="mediation_body_change"),
    path(f"{REGISTERS}<uuid:body>/end/", bodies.body_end, name="mediation_body_end"),
    path(f"{REGISTERS}<uuid:body>/rooms/", bodies.room_new, name="mediation_room_new"),
    path(f"{REGISTERS}<uuid:body>/rooms/<uuid:room>/end/", bodies.room_end, name="mediation_room_end"),
    path(f"{REGISTERS}<uuid:body>/people/new/", people.person_new, name="mediation_person_new"),
    path(f"{REGISTERS}<uuid:body>/people/<uuid:person>/", people.person_page, name="mediation_person"),
    path(f"{REGISTERS}<uuid:body>/people/<uuid:person>/end/", people.person_end, name="mediation_person_end"),
    path(f"{REGISTERS}<uuid:body>/people/<uuid:person>/ties/", people.tie_new, name="mediation_tie_new"),
    path(f"{REGISTERS}<uuid:body>/people/<uuid:person>/ties/<uuid:tie>/end/", people.tie_end, name="mediation_tie_end"),
    path("desk/mediation/batches/", batches.batch_list, name="mediation_batches"),
    path("desk/mediation/batches/new/", batches.batch_new, name="mediation_batch_new"),
    path("desk/mediation/batches/<uuid:batch>/", batches.batch_page, name="mediation_batch"),
    path("desk/mediation/batches/<uuid:batch>/more/", batches.batch_more, name="mediation_batch_more"),
    path("desk/mediation/batches/<uuid:batch>/export.csv", batches.batch_export, name="mediation_batch_export"),
    path("desk/mediation/batches/<uuid:batch>/choose", batches.batch_choose, name="mediation_batch_choose"),
    path("desk/mediation/batches/<uuid:batch>/acts/<uuid:one>/", batches.batch_act, name="mediation_batch_act"),
    path(
        "desk/mediation/batches/<uuid:batch>/acts/<uuid:one>/stop",
        batches.batch_act_stop,
        name="mediation_batch_act_stop",
    ),
    path("desk/mediation/measures/", measures.measures_page, name="mediation_measures"),
    path("desk/mediation/measures/repeat", measures.measures_repeat, name="mediation_measures_repeat"),
    path("desk/mediation/measures/export.csv", measures.measures_export, name="mediation_measures_export"),
    path("desk/mediation/mine/", people.my_entry, name="my_register"),
    path("desk/mediation/mine/ties/", people.my_tie_new, name="mediation_my_tie_new"),
    path("desk/mediation/mine/ties/<uuid:tie>/end/", people.my_tie_end, name="mediation_my_tie_end"),
    path("desk/mediation/calendar/", calendar.calendar_page, name="mediation_calendar"),
    path("desk/mediation/calendar/print/", calendar.calendar_sheet, name="mediation_calendar_sheet"),
    path("desk/mediation/calendar/address/", calendar.address_new, name="calendar_address_new"),
    path("desk/mediation/calendar/address/end/", calendar.address_end, name="calendar_address_end"),
    path("desk/mediation/sessions/<str:number>/<uuid:session>.ics", calendar.session_ics, name="session_ics"),
    path("desk/mediation/sessions/<str:number>/<uuid:session>/join/", calendar.session_join, name="session_join"),
    path("desk/mediation/cases/<str:number>/knowledge/", knowledge.knowledge, name="mediation_knowledge"),
    path("desk/mediation/cases/<str:number>/lesson/", knowledge.lesson, name="mediation_lesson"),
    path("desk/mediation/lessons/", knowledge.lesson_list, name="mediation_lessons"),
    path("desk/mediation/lessons/<uuid:lesson>/decide/", knowledge.lesson_decide, name="mediation_lesson_decide"),
    path("desk/mediation/invitation/<str:number>/", invitation.invitation, name="mediation_invitation"),
    path("mediation/<str:number>/papers/<uuid:paper>.pdf", papers_door.paper_file, name="mediation_paper"),
    path("mediation/<str:number>/papers/<uuid:paper>/check/", papers_door.paper_check, name="mediation_paper_check"),
    path("mediation/<str:number>/papers/<uuid:entry>.zip", papers_door.paper_bundle, name="mediation_bundle"),
    path("mediation/calendar/<str:secret>.ics", sessions.calendar_feed, name="calendar_feed"),
    path("track/<str:number>/sessions/<uuid:session>.ics", sessions.tracked_session_ics, name="tracked_session_ics"),
    path(
        "track/<str:number>/sessions/<uuid:session>/join/", sessions.tracked_session_join, name="tracked_session_join"
    ),
]
