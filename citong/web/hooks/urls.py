"""Addresses of an owner's webhooks."""

from django.urls import path

from citong.web.hooks import pages

urlpatterns = [
    path("", pages.hooks, name="hooks"),
    path("new", pages.hook_new, name="hook_new"),
    path("<uuid:hook>/", pages.hook, name="hook"),
    path("<uuid:hook>/replay", pages.hook_replay, name="hook_replay"),
    path("<uuid:hook>/do/<slug:what>", pages.hook_do, name="hook_do"),
    path("<uuid:hook>/again/<uuid:delivery>", pages.delivery_again, name="delivery_again"),
]
