"""Addresses of the service desk: helping."""

from django.urls import URLPattern

PATTERNS: list[URLPattern] = []
