"""Aggregated, disclosure-safe statistics for the ministry."""

from reports.ministry.document import Statistics as Statistics
from reports.ministry.document import long_csv as long_csv
from reports.ministry.document import render as render
from reports.ministry.statistics import protected_statistics as protected_statistics
