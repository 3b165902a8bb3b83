"""Addresses of the service desk: calls."""

from django.urls import URLPattern

PATTERNS: list[URLPattern] = []
