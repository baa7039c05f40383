"""Addresses of the law, below desk/knowledge/."""

from django.urls import path

from citong.web.knowledge import pages

urlpatterns = [
    path("", pages.law, name="law"),
    path("articles/<int:article>/", pages.law_article, name="law_article"),
]
