"""Statistical disclosure control: which cells of linked tables must be withheld, so that none can be calculated.

Terms and methods follow the handbook on statistical disclosure control (Hundepool et al. 2012, chapter 4): a cell is
sensitive by the threshold, the (n, k) or the p % rule; further cells are withheld so that an attacker who knows all
published cells cannot calculate a sensitive one more closely than its protection level. Not covered: a firm that
belongs to a group nobody knows of, and whoever knows the listings themselves.
"""

from reports.disclosure.problem import Attacker as Attacker
from reports.disclosure.protection import Pattern as Pattern
from reports.disclosure.protection import protect as protect
from reports.disclosure.rules import NOBODY as NOBODY
from reports.disclosure.rules import Rules as Rules
from reports.disclosure.rules import is_sensitive as is_sensitive
from reports.disclosure.sequential import UnprotectableError as UnprotectableError
from reports.disclosure.tables import TOTAL as TOTAL
from reports.disclosure.tables import Axis as Axis
from reports.disclosure.tables import Cell as Cell
from reports.disclosure.tables import Line as Line
from reports.disclosure.tables import Tables as Tables
from reports.disclosure.tables import cross_table as cross_table
from reports.disclosure.tables import joined as joined
