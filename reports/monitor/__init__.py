"""The monitor for data staff: how the run went, and what to do about it."""

from reports.monitor.document import Run as Run
from reports.monitor.document import as_json as as_json
from reports.monitor.document import page_name as page_name
from reports.monitor.document import render as render
