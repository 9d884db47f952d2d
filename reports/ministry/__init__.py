"""Aggregated, disclosure-safe statistics for the ministry."""

from reports.ministry.counted import Frames as Frames
from reports.ministry.document import Statistics as Statistics
from reports.ministry.document import long_csv as long_csv
from reports.ministry.document import render as render
from reports.ministry.month_release import Stored as Stored
from reports.ministry.month_release import month_release as month_release
from reports.ministry.package import Office as Office
from reports.ministry.periods import Month as Month
from reports.ministry.periods import of_quarter as of_quarter
from reports.ministry.perturbed import perturbed_csv as perturbed_csv
from reports.ministry.release import Checked as Checked
from reports.ministry.release import week_release as week_release
