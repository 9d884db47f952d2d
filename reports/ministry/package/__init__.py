"""A release beside its page: workbooks, metadata, code lists, method sheet, pictures; all from the long file alone."""

from reports.ministry.package.files import linked_files as linked_files
from reports.ministry.package.files import package_files as package_files
from reports.ministry.package.release import Office as Office
from reports.ministry.package.release import Release as Release
from reports.ministry.package.release import localised as localised
