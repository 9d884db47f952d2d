"""The weekly Lagebild for task-force leads: what is new, who must act, by when, whom to call."""

from reports.lagebild.file import as_csv as as_csv
from reports.lagebild.issue import Issue as Issue
from reports.lagebild.page import render as render
