from django.urls import path

from citong.adapters.api import views

urlpatterns = [
    path("api/v1/openapi.json", views.description, name="api_description"),
    path("api/v1/services", views.services, name="api_services"),
    path("api/v1/<slug:service>/cases", views.cases, name="api_cases"),
    path("api/v1/cases/<str:number>", views.case, name="api_case"),
    path("api/v1/cases/<str:number>/history", views.steps, name="api_history"),
    path("api/v1/cases/<str:number>/receipt", views.receipt, name="api_receipt"),
    path("api/v1/cases/<str:number>/acts/<slug:name>", views.done, name="api_act"),
]
