from django.urls import path

from citong.adapters.api import bulk, hooks, views

urlpatterns = [
    path("api/v1/openapi.json", views.description, name="api_description"),
    path("api/v1/services", views.services, name="api_services"),
    path("api/v1/public/cases.csv", bulk.public_csv, name="api_public_csv"),
    path("api/v1/public/cases.geojson", bulk.public_geojson, name="api_public_geojson"),
    path("api/v1/hooks", hooks.hooks, name="api_hooks"),
    path("api/v1/hooks/<str:hook>", hooks.hook, name="api_hook"),
    path("api/v1/hooks/<str:hook>/deliveries", hooks.deliveries, name="api_deliveries"),
    path("api/v1/hooks/<str:hook>/deliveries/<str:delivery>/again", hooks.delivery_again, name="api_delivery_again"),
    path("api/v1/hooks/<str:hook>/replay", hooks.hook_replay, name="api_hook_replay"),
    path("api/v1/hooks/<str:hook>/<slug:verb>", hooks.hook_do, name="api_hook_do"),
    path("api/v1/<slug:service>/cases", views.cases, name="api_cases"),
    path("api/v1/cases/<str:number>", views.case, name="api_case"),
    path("api/v1/cases/<str:number>/history", views.steps, name="api_history"),
    path("api/v1/cases/<str:number>/receipt", views.receipt, name="api_receipt"),
    path("api/v1/cases/<str:number>/acts/<slug:name>", views.done, name="api_act"),
]
