"""Addresses of the service desk: packs."""

from django.urls import URLPattern

PATTERNS: list[URLPattern] = []
