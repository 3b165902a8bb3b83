"""Addresses of the service desk: majors."""

from django.urls import URLPattern

PATTERNS: list[URLPattern] = []
