"""Addresses of the service desk: channels."""

from django.urls import URLPattern

PATTERNS: list[URLPattern] = []
