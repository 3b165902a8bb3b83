"""Addresses of the service desk: changes."""

from django.urls import URLPattern

PATTERNS: list[URLPattern] = []
