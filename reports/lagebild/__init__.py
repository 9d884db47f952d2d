"""The weekly Lagebild for task-force leads: what is new, who must act, by when, whom to call."""

from reports.lagebild.calendar import as_calendar as as_calendar
from reports.lagebild.csv_file import as_csv as as_csv
from reports.lagebild.issue import Issue as Issue
from reports.lagebild.mail import as_mail as as_mail
from reports.lagebild.page import pages as pages
from reports.lagebild.page import render as render
from reports.lagebild.page import render_cases as render_cases
from reports.lagebild.spreadsheet import as_workbook as as_workbook
